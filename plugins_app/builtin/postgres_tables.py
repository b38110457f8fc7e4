"""What PostgreSQL says about the tables that a login may read; no row of any table is read."""

from typing import Any

from psycopg import AsyncConnection

from plugins_app.sdk import ColumnDescription, ForeignKeyDescription, TableDescription

# Partitions are reached through their parent; a table without a readable column is none for us.
_TABLES = """
SELECT n.nspname::text, c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
ORDER BY 1, 2
"""
_COLUMNS = """
SELECT n.nspname::text, c.relname::text, a.attname::text,
       CASE WHEN t.typtype = 'e' THEN 'enum' ELSE format_type(a.atttypid, NULL) END
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY 1, 2, a.attnum
"""
_KEYS = """
SELECT k.contype::text, n.nspname::text, c.relname::text,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
             ORDER BY u.place),
       coalesce(fn.nspname::text, ''), coalesce(fc.relname::text, ''),
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
             ORDER BY u.place)
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
WHERE k.contype IN ('p', 'f')
ORDER BY n.nspname, c.relname, k.contype DESC, k.conname
"""


async def describe_tables(connection: AsyncConnection[Any]) -> list[TableDescription]:
    """Describe tables and views with the columns that the login may read, and their keys."""
    columns: dict[tuple[str, str], list[ColumnDescription]] = {}
    for schema, table, name, kind in await (await connection.execute(_COLUMNS)).fetchall():
        columns.setdefault((schema, table), []).append(ColumnDescription(name, kind))
    primary: dict[tuple[str, str], tuple[str, ...]] = {}
    foreign: dict[tuple[str, str], list[ForeignKeyDescription]] = {}
    for row in await (await connection.execute(_KEYS)).fetchall():
        kind, schema, table, own, to_schema, to_table, theirs = row
        if kind == "p":
            primary[schema, table] = tuple(own)
        else:
            key = ForeignKeyDescription(tuple(own), to_schema, to_table, tuple(theirs))
            foreign.setdefault((schema, table), []).append(key)
    return [
        TableDescription(
            schema,
            name,
            tuple(columns.get((schema, name), ())),
            primary.get((schema, name), ()),
            tuple(foreign.get((schema, name), ())),
            comment,
        )
        for schema, name, comment in await (await connection.execute(_TABLES)).fetchall()
    ]
