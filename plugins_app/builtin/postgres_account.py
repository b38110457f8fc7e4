"""What a PostgreSQL login may do beyond reading the tables that the semantic layer lists."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from plugins_app.sdk import AccountReport

MAX_NAMES = 200

_ROLE = """
SELECT current_user, current_setting('server_version'), rolsuper, rolbypassrls,
       rolcreatedb, rolcreaterole, rolreplication
FROM pg_roles WHERE rolname = current_user
"""
_TABLES = """
SELECT n.nspname || '.' || c.relname,
       has_table_privilege(c.oid, 'INSERT') OR has_table_privilege(c.oid, 'UPDATE')
       OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'),
       has_any_column_privilege(c.oid, 'SELECT')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND has_schema_privilege(n.oid, 'USAGE')
ORDER BY 1
"""
_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  AND has_schema_privilege(oid, 'CREATE') ORDER BY 1
"""
_POWERS = """
SELECT rolname FROM pg_roles
WHERE rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program',
                  'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend')
  AND pg_has_role(current_user, oid, 'USAGE') ORDER BY 1
"""


async def inspect_account(connection: AsyncConnection[Any], listed: Sequence[str]) -> AccountReport:
    """Return the rights of the current login; `listed` are the tables it is meant to read."""
    role = await (await connection.execute(_ROLE)).fetchone()
    if role is None:
        raise LookupError("the current login is not in pg_roles")
    tables = await (await connection.execute(_TABLES)).fetchall()
    schemas = await (await connection.execute(_SCHEMAS)).fetchall()
    powers = await (await connection.execute(_POWERS)).fetchall()
    known = {name.lower() for name in listed}
    return AccountReport(
        user=role[0],
        server_version=role[1],
        superuser=role[2],
        writable=tuple(name for name, writes, _ in tables if writes)[:MAX_NAMES],
        unlisted=tuple(name for name, _, reads in tables if reads and name.lower() not in known)[
            :MAX_NAMES
        ],
        warnings=(
            *_role_warnings(role),
            *(f"The login may create objects in the schema {name}." for (name,) in schemas),
            *(f"The login is a member of {name}." for (name,) in powers),
        ),
    )


def _role_warnings(role: tuple[Any, ...]) -> list[str]:
    texts = (
        (role[2], "The login is a superuser; make one that may only read."),
        (role[3] and not role[2], "The login bypasses row security."),
        (role[4] and not role[2], "The login may create databases."),
        (role[5] and not role[2], "The login may create roles."),
        (role[6] and not role[2], "The login may replicate."),
    )
    return [text for applies, text in texts if applies]
