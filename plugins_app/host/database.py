"""ctx.db: the internal database, limited to one plugin's own tables."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from atlas.common.db import in_db
from plugins_app.host.tables import table_names
from plugins_app.sdk import Plugin, PluginError

MAX_ROWS = 10_000
JSON_OIDS = (114, 3802)


class PluginDatabase:
    """Runs statements that touch only the tables the plugin declared.

    A wall against mistakes, not against hostile code in the same process. Each statement is its
    own transaction and is bounded by the app's statement timeout; at most 10,000 rows come back.
    """

    def __init__(self, plugin: Plugin[Any]) -> None:
        self._tables = table_names(plugin)

    def table(self, name: str) -> str:
        if name not in self._tables:
            raise PluginError(f"The table {name} is not declared in this plugin's schema.")
        return self._tables[name]

    async def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        return await in_db(_query, self._checked(sql), _given(params))

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        return await in_db(_execute, self._checked(sql), _given(params))

    def _checked(self, sql: str) -> str:
        from plugins_app.host.statements import own_statement  # noqa: PLC0415 - slow import of the parser

        return own_statement(sql, frozenset(self._tables.values()))


def _given(params: Sequence[Any]) -> list[Any]:
    """Mappings are for columns of type json; a list stays a list, as in `= ANY(%s)`."""
    return [Jsonb(value) if isinstance(value, dict) else value for value in params]


def _query(statement: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        columns = [column[0] for column in cursor.description or ()]
        json_columns = [n for n, c in enumerate(cursor.description or ()) if c[1] in JSON_OIDS]
        rows = cursor.fetchmany(MAX_ROWS + 1) if columns else []
    if len(rows) > MAX_ROWS:
        raise PluginError(f"The statement returned more than {MAX_ROWS} rows; add a LIMIT.")
    return [dict(zip(columns, _read(row, json_columns), strict=True)) for row in rows]


def _read(row: Sequence[Any], json_columns: Sequence[int]) -> list[Any]:
    """Django reads json as text; here it is what was stored."""
    values = list(row)
    for number in json_columns:
        if isinstance(values[number], str):
            values[number] = json.loads(values[number])
    return values


def _execute(statement: str, params: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)
