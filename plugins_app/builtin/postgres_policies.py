"""Row security of PostgreSQL: what holds for the login, and what one query tells it."""

import json
from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from plugins_app.sdk import PolicyTable, RowClaims, RowPoliciesChangedError

# A policy counts while it restricts this login's reading, and is byte by byte what was installed.
_HOLDS = """
p.polname = 'atlas_rows' AND NOT p.polpermissive AND p.polcmd IN ('r', '*')
  AND p.polroles && ARRAY[0::oid, current_user::regrole::oid] AND row_security_active(c.oid)
  AND split_part(obj_description(p.oid, 'pg_policy'), ':', 1) = 'atlas'
  AND split_part(obj_description(p.oid, 'pg_policy'), ':', 3) = md5(p.polqual::text)
"""
_DIGEST = "split_part(obj_description(p.oid, 'pg_policy'), ':', 2)"
_TABLES = f"""
SELECT n.nspname || '.' || c.relname, current_user, c.relkind IN ('r', 'p'), c.relrowsecurity,
  EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'atlas_others'),
  EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'atlas_rows'),
  coalesce((SELECT {_DIGEST} FROM pg_policy p WHERE p.polrelid = c.oid AND {_HOLDS}), ''),
  (SELECT json_object_agg(a.attname, format_type(a.atttypid, -1)) FROM pg_attribute a
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname || '.' || c.relname = ANY(%s)
ORDER BY 1
"""  # noqa: S608 - only constants of this module
_TELL = f"""
SELECT set_config('atlas.claims', %s, true),
  (SELECT json_object_agg(n.nspname || '.' || c.relname, {_DIGEST})
   FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n
   ON n.oid = c.relnamespace WHERE n.nspname || '.' || c.relname = ANY(%s) AND {_HOLDS})
"""  # noqa: S608 - only constants of this module
_COUNT = f"""
SELECT count(*) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {_HOLDS}
"""  # noqa: S608 - only constants of this module


async def inspect_tables(
    connection: AsyncConnection[Any], tables: Sequence[str]
) -> list[PolicyTable]:
    """Describe those of the tables, as "schema.table", that are there."""
    rows = await (await connection.execute(_TABLES, [list(tables)])).fetchall()
    return [
        PolicyTable(name, login, columns or {}, can_hold, is_secured, is_ours, has, installed)
        for name, login, can_hold, is_secured, is_ours, has, installed, columns in rows
    ]


async def tell(connection: AsyncConnection[Any], claims: RowClaims) -> None:
    """Set what policies are told until the end of the transaction that is open.

    Raises `RowPoliciesChangedError` unless each table of `claims` is protected as it must be.
    """
    values = json.dumps({name: list(texts) for name, texts in claims.values.items()})
    row = await (await connection.execute(_TELL, [values, list(claims.tables)])).fetchone()
    holding = (row[1] if row else None) or {}
    if any(holding.get(table) != digest for table, digest in claims.tables.items()):
        raise RowPoliciesChangedError("The row policies in the database are not those expected.")


async def count_holding(connection: AsyncConnection[Any]) -> int:
    """How many tables Atlas's policies hold on for this login."""
    row = await (await connection.execute(_COUNT)).fetchone()
    return int(row[0]) if row else 0
