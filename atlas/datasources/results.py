"""What happens to a stored result after its query: it is described."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from atlas.datasources.columns import ColumnDetails, label
from atlas.datasources.models import StoredResult


def describe_columns(result_id: UUID, columns: Iterable[Mapping[str, str | None]]) -> None:
    """Replace what was read off the values by what a compiled query knows of its columns.

    Each of `columns` has a name, and may have label, format and role.
    """
    details: list[ColumnDetails] = [
        {
            "name": str(column["name"]),
            "label": column.get("label") or label(str(column["name"])),
            "format": column.get("format"),
            "role": column.get("role"),
        }
        for column in columns
    ]
    StoredResult.objects.filter(pk=result_id).update(columns=details)
