"""A role of the database for each plugin, where roles can be made: it reaches only its tables."""

import hashlib
from collections.abc import Iterable
from typing import Any

from psycopg import sql

LONGEST = 63
MAY_MAKE_ROLES = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
# A role that somebody else made under this name is not used.
USABLE = """
    SELECT EXISTS (
        SELECT FROM pg_roles WHERE rolname = %s AND NOT rolcanlogin AND NOT rolsuper
        AND pg_has_role(current_user, oid, 'MEMBER')
    )"""


def role_of(plugin_id: str, database: str) -> str:
    """Return the name of a plugin's role; roles are shared by the databases of a server."""
    name = f"plugin_{plugin_id}@{database}"
    if len(name.encode()) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"plugin_{plugin_id[:24]}@{digest}"


def prepare(cursor: Any, role: str, tables: Iterable[str], app: str) -> bool:
    """Make the role, let it use these tables, and let the app act as it; False where not allowed.

    `cursor` is the owner's, in a transaction.
    """
    cursor.execute(MAY_MAKE_ROLES)
    if cursor.fetchone() != (True,):
        return False
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    names = {"role": sql.Identifier(role), "app": sql.Identifier(app)}
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {role} NOLOGIN NOINHERIT").format(**names))
        cursor.execute(sql.SQL("GRANT {role} TO {app}").format(**names))
    for table in tables:
        text = "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}"
        cursor.execute(sql.SQL(text).format(table=sql.Identifier(table), **names))
    return True


def is_usable(cursor: Any, role: str) -> bool:
    """Whether the running login can act as this role."""
    cursor.execute(USABLE, [role])
    return bool(cursor.fetchone()[0])


def act_as(cursor: Any, role: str) -> None:
    """Go on as this role until the transaction ends."""
    cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
