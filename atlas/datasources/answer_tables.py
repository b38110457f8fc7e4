"""The results behind an answer, as plugins are given them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Func, JSONField, Value

from atlas.conversations.enums import EventKind
from atlas.datasources.models import StoredResult
from plugins_app.sdk import AnswerTable

MOST_ROWS = 200
MOST_TABLES = 10


def tables_of(parts: Iterable[Any]) -> tuple[AnswerTable, ...]:
    """The last results among the parts of an answer that are still kept, in their order."""
    ids = [
        str(part["result_id"])
        for part in parts
        if isinstance(part, Mapping)
        and part.get("kind") == EventKind.RESULT
        and part.get("result_id")
    ]
    wanted = list(dict.fromkeys(ids))[-MOST_TABLES:]
    first = Func(
        F("rows"),
        Value(f"$[0 to {MOST_ROWS - 1}]"),
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    kept = StoredResult.objects.kept().filter(pk__in=wanted).defer("rows").annotate(first=first)
    found = {str(stored.pk): stored for stored in kept}
    return tuple(_table(found[one]) for one in wanted if one in found)


def _table(stored: StoredResult) -> AnswerTable:
    names = [
        str(column.get("name", "") if isinstance(column, Mapping) else column)
        for column in stored.columns
    ]
    rows = tuple(tuple(row) for row in getattr(stored, "first", ()))
    return AnswerTable(stored.sql, tuple(names), rows, stored.row_count, stored.truncated)
