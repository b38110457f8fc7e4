"""ctx.db for tests on a real PostgreSQL: the plugin's tables in a schema that is thrown away."""

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from plugins_app.sdk.errors import PluginError
from plugins_app.sdk.plugin import Plugin
from plugins_app.sdk.tables import COLUMN_TYPES, GENERATED, Field, Table


class SqlConnection(Protocol):
    """A connection as drivers of PostgreSQL give it, such as `psycopg.connect(url)`."""

    def cursor(self) -> Any:
        """Return a cursor with execute, fetchall, description and rowcount."""
        ...

    def commit(self) -> object:
        """Keep what was done."""
        ...

    def rollback(self) -> object:
        """Drop what was done."""
        ...


class ScratchDatabase:
    """What `ctx.db` offers, on one connection; each statement is its own transaction."""

    def __init__(self, connection: SqlConnection, tables: dict[str, str]) -> None:
        """Work on tables that are there already."""
        self._connection = connection
        self._tables = tables

    def table(self, name: str) -> str:
        """Return the full name as the host builds it."""
        if name not in self._tables:
            raise PluginError(f"The table {name} is not declared in this plugin's schema.")
        return self._tables[name]

    async def query(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one statement and return its rows."""
        cursor = self._run(sql, params)
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] if names else []
        self._connection.commit()
        return rows

    async def execute(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Run one statement and return the number of rows it touched."""
        count = int(self._run(sql, params).rowcount)
        self._connection.commit()
        return count

    def _run(self, sql: str, params: Sequence[Any]) -> Any:
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql, list(params))
        except Exception:
            self._connection.rollback()
            raise
        return cursor


@contextmanager
def scratch_database(plugin: Plugin[Any], connection: SqlConnection) -> Iterator[ScratchDatabase]:
    """Make the plugin's tables in a schema of their own, and drop it at the end."""
    schema = f"scratch_{uuid.uuid4().hex}"
    names = {name: _full_name(plugin.id, name) for name in plugin.schema}
    cursor = connection.cursor()
    cursor.execute(f"CREATE SCHEMA {schema}")
    cursor.execute(f"SET search_path TO {schema}")
    for name, table in plugin.schema.items():
        cursor.execute(_create(names[name], table))
    for name, table in plugin.schema.items():
        for column, field in _declared(table).items():
            if field.references is not None:
                target, key = names[field.references.table], field.references.field
                cursor.execute(
                    f'ALTER TABLE "{names[name]}" ADD FOREIGN KEY ("{column}")'
                    f' REFERENCES "{target}" ("{key}")'
                )
    connection.commit()
    try:
        yield ScratchDatabase(connection, names)
    finally:
        connection.rollback()
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute("SET search_path TO DEFAULT")
        connection.commit()


def _full_name(plugin_id: str, name: str) -> str:
    return re.sub("-", "_", f"plugin_{plugin_id}_{name}").lower()


def _declared(table: Table) -> dict[str, Field]:
    return {name: field for name, field in table.fields.items() if name not in GENERATED}


def _create(full: str, table: Table) -> str:
    columns = ["id UUID PRIMARY KEY DEFAULT gen_random_uuid()"]
    columns += [_column(name, field) for name, field in _declared(table).items()]
    columns += [f"{name} TIMESTAMPTZ NOT NULL DEFAULT now()" for name in GENERATED[1:]]
    return f'CREATE TABLE "{full}" ({", ".join(columns)})'


def _column(name: str, field: Field) -> str:
    parts = [f'"{name}"', COLUMN_TYPES[field.type]]
    parts += ["NOT NULL"] if field.required else []
    parts += ["UNIQUE"] if field.unique else []
    if field.default is not None:
        text = str(field.default).replace("'", "''")
        parts.append("DEFAULT now()" if field.type == "date" else f"DEFAULT '{text}'")
    return " ".join(parts)
