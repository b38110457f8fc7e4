"""Reads what the database holds of a plugin's tables."""

from dataclasses import dataclass
from typing import Any

from psycopg import sql


@dataclass(frozen=True)
class LiveColumn:
    """A column as the database has it; `type` is PostgreSQL's own name in lower case."""

    name: str
    type: str
    required: bool


def columns_of(cursor: Any, full: str) -> dict[str, LiveColumn]:
    """Return the columns of a table by name; none when there is no such table."""
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid = to_regclass(quote_ident(%s)) AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        [full],
    )
    return {row[0]: LiveColumn(*row) for row in cursor.fetchall()}


def constraints_of(cursor: Any, full: str) -> set[str]:
    """Return the names of a table's constraints."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(quote_ident(%s))", [full]
    )
    return {row[0] for row in cursor.fetchall()}


def triggers_of(cursor: Any, full: str) -> set[str]:
    """Return the names of a table's triggers."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(%s))", [full]
    )
    return {row[0] for row in cursor.fetchall()}


def has_rows(cursor: Any, full: str) -> bool:
    """Tell whether a table holds rows."""
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(full)))
    return bool(cursor.fetchone()[0])
