"""Asks the database which protections by separate logins stand, and names the cure for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

HARDEN = "Run manage.py db harden --print and give the SQL to the administrator of the database."

NO_TABLE_OWNED = """
    SELECT NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
        AND pg_has_role(c.relowner, 'MEMBER')
    )"""
NO_SPECIAL_RIGHT = """
    SELECT NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
    FROM pg_roles WHERE rolname = current_user"""
QUESTIONS = {
    "The running login owns no table, so it cannot switch off a trigger": NO_TABLE_OWNED,
    "The running login cannot make tables": "SELECT NOT has_schema_privilege('public', 'CREATE')",
    "The running login has no special right": NO_SPECIAL_RIGHT,
}
PRIVILEGE = """
    SELECT coalesce(bool_and(NOT has_table_privilege(c.oid, %(right)s)), true)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relname = %(table)s"""


@dataclass(frozen=True)
class Wall:
    """One protection: what it promises, whether it stands, and what to do when it does not."""

    promise: str
    stands: bool
    cure: str = HARDEN


def walls(
    connection: psycopg.Connection[Any], restrictions: Mapping[str, tuple[str, ...]] | None = None
) -> list[Wall]:
    """The walls around the login of `connection`, which is the one that runs Atlas."""
    found = [Wall(promise, _true(connection, text)) for promise, text in QUESTIONS.items()]
    for table, allowed in (restrictions or {}).items():
        refused = [right for right in ("UPDATE", "DELETE", "TRUNCATE") if right not in allowed]
        stands = all(
            _true(connection, PRIVILEGE, {"right": right, "table": table}) for right in refused
        )
        found.append(Wall(f"The running login may only {_listed(allowed)} {table}", stands))
    return found


def _listed(privileges: tuple[str, ...]) -> str:
    return " and ".join(privilege.lower() for privilege in privileges) or "see the name of"


def _true(
    connection: psycopg.Connection[Any], text: str, values: Mapping[str, str] | None = None
) -> bool:
    row = connection.execute(sql.SQL(text), values).fetchone()
    return bool(row and row[0])
