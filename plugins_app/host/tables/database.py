"""ctx.db: the internal database, limited to one plugin's own tables."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from atlas.common.db import in_db
from plugins_app.host.tables import roles as plugin_roles
from plugins_app.host.tables.names import table_names
from plugins_app.sdk import Plugin, PluginError

MAX_ROWS = 10_000
JSON_OIDS = (114, 3802)


class PluginDatabase:
    """Runs statements that touch only the tables the plugin declared.

    A wall against mistakes, not against hostile code in the same process. Each statement is its
    own transaction and is bounded by the app's statement timeout; at most 10,000 rows come back.
    Where the plugin has a role of its own, the database itself refuses everything else.
    """

    def __init__(self, plugin: Plugin[Any]) -> None:
        self._tables = table_names(plugin)
        self._role = Role(plugin.id)

    def table(self, name: str) -> str:
        if name not in self._tables:
            raise PluginError(f"The table {name} is not declared in this plugin's schema.")
        return self._tables[name]

    async def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        return await in_db(_query, self._role, self._checked(sql), _given(params))

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        return await in_db(_execute, self._role, self._checked(sql), _given(params))

    def _checked(self, sql: str) -> str:
        from plugins_app.host.tables.statements import own_statement  # noqa: PLC0415 - slow import of the parser

        return own_statement(sql, frozenset(self._tables.values()))


class Role:
    """The role of one plugin, looked up with the first statement."""

    def __init__(self, plugin_id: str) -> None:
        self._plugin_id = plugin_id
        self._name: str | None = None

    @contextmanager
    def statement(self) -> Iterator[Any]:
        """Give a cursor that acts as the role, where there is one, in a transaction of its own."""
        with transaction.atomic(), connection.cursor() as cursor:
            if self._name is None:
                wanted = plugin_roles.role_of(self._plugin_id, connection.settings_dict["NAME"])
                self._name = wanted if plugin_roles.is_usable(cursor, wanted) else ""
            if self._name:
                plugin_roles.act_as(cursor, self._name)
            yield cursor


def _given(params: Sequence[Any]) -> list[Any]:
    """Mappings are for columns of type json; a list stays a list, as in `= ANY(%s)`."""
    return [Jsonb(value) if isinstance(value, dict) else value for value in params]


def _query(role: Role, statement: str, params: list[Any]) -> list[dict[str, Any]]:
    with role.statement() as cursor:
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


def _execute(role: Role, statement: str, params: list[Any]) -> int:
    with role.statement() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)
