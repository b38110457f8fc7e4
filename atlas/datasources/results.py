"""What happens to a stored result after its query: it is described, and read from end to end."""

import json
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.db import connection, transaction

from atlas.common.jsonable import JSON
from atlas.datasources.columns import ColumnDetails, label
from atlas.datasources.models import StoredResult

FETCHED = 1_000
# Read once from end to end: by offsets the database would unpack the whole result for each part.
ROWS = """
SELECT value::text FROM datasources_storedresult AS r, jsonb_array_elements(r.rows)
WHERE r.id = %s AND r.expires_at > now()
"""


def batches_of(result_id: UUID) -> Iterator[list[list[JSON]]]:
    """All rows of a result that is kept, a thousand at a time; nothing when it is not.

    Whoever reads takes a connection until the last batch, in a transaction of its own.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, [result_id])
        while rows := cursor.fetchmany(FETCHED):
            yield [json.loads(text) for (text,) in rows]


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
