"""What a DuckDB file lets its reader do, and which tables it holds."""

from collections.abc import Sequence
from typing import Any

from plugins_app.reference.duckdb.connection import DuckdbConnection
from plugins_app.sdk import (
    AccountReport,
    ColumnDescription,
    ForeignKeyDescription,
    QueryLimits,
    TableDescription,
)

MAX_NAMES = 200
MOST = QueryLimits(max_rows=100_000)
TIMEOUT_MS = 25_000

_VERSION = "SELECT version()"
_COLUMNS = """
SELECT c.schema_name, c.table_name, c.column_name, c.data_type, t.comment
FROM duckdb_columns() AS c JOIN (
  SELECT database_name, schema_name, table_name AS name, comment FROM duckdb_tables()
  UNION ALL SELECT database_name, schema_name, view_name, comment FROM duckdb_views()
) AS t ON t.database_name = c.database_name AND t.schema_name = c.schema_name
  AND t.name = c.table_name
WHERE c.database_name = current_database() AND NOT c.internal
ORDER BY 1, 2, c.column_index
"""
_KEYS = """
SELECT schema_name, table_name, constraint_type, constraint_column_names,
       referenced_table, referenced_column_names
FROM duckdb_constraints()
WHERE database_name = current_database() AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')
ORDER BY schema_name, table_name, constraint_index
"""


async def inspect(
    connection: DuckdbConnection, listed: Sequence[str], *, read_only: bool
) -> AccountReport:
    """Return how the file is opened; DuckDB has no logins, so every table can be read."""
    known = {name.lower() for name in listed}
    names = [f"{table.schema}.{table.name}" for table in await tables(connection)]
    version = await _rows(connection, _VERSION)
    warnings = () if read_only else ("The file is opened for writing; leave read_only as it is.",)
    return AccountReport(
        user="none (DuckDB has no logins)",
        server_version=str(version[0][0]),
        unlisted=tuple(name for name in names if name.lower() not in known)[:MAX_NAMES],
        warnings=warnings,
    )


async def tables(connection: DuckdbConnection) -> list[TableDescription]:
    """Describe the tables and views of the file."""
    columns: dict[tuple[str, str], list[ColumnDescription]] = {}
    comments: dict[tuple[str, str], str] = {}
    for schema, table, name, kind, comment in await _rows(connection, _COLUMNS):
        columns.setdefault((schema, table), []).append(ColumnDescription(name, kind))
        comments[schema, table] = comment or ""
    primary: dict[tuple[str, str], tuple[str, ...]] = {}
    foreign: dict[tuple[str, str], list[ForeignKeyDescription]] = {}
    for schema, table, kind, own, to_table, theirs in await _rows(connection, _KEYS):
        if kind == "PRIMARY KEY":
            primary[schema, table] = tuple(own)
        else:
            # A key of DuckDB never leaves its schema.
            key = ForeignKeyDescription(tuple(own), schema, to_table, tuple(theirs))
            foreign.setdefault((schema, table), []).append(key)
    return [
        TableDescription(
            schema,
            name,
            tuple(found),
            primary.get((schema, name), ()),
            tuple(foreign.get((schema, name), ())),
            comments[schema, name],
        )
        for (schema, name), found in columns.items()
    ]


async def _rows(connection: DuckdbConnection, sql: str) -> Sequence[Any]:
    return (await connection.query(sql, TIMEOUT_MS, limits=MOST)).rows
