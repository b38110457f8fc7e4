"""The test company as engines other than PostgreSQL know it, with every column open or a few."""

import hashlib

from atlas.sql import Catalog, Rejection, Table, ValidatedQuery, validate
from atlas.sql.bulk import check_text
from atlas.sql.dialects import DIALECTS
from tests.sql.world import Entry, corpus

OTHERS = tuple(name for name in DIALECTS if name != "postgres")
TABLES = ("orders", "customers", "products", "employees", "analytics.events")

LISTED = {
    "orders": ("id", "customer_id", "status", "total"),
    "customers": ("id", "name"),
}


def ask(sql: str, dialect: str) -> ValidatedQuery | Rejection:
    """The answer with every column open."""
    return check_text(sql, dialect, TABLES)


def closed(dialect: str) -> Catalog:
    """Two tables of which only some columns are listed."""
    upper = dialect == "snowflake"
    return Catalog(
        tuple(
            Table(None, name.upper(), tuple(c.upper() for c in columns))
            if upper
            else Table(None, name, columns)
            for name, columns in LISTED.items()
        )
    )


def ask_closed(sql: str, dialect: str) -> ValidatedQuery | Rejection:
    """The answer with a few columns listed."""
    return validate(sql, dialect=dialect, catalog=closed(dialect))


def entries(kind: str) -> list[tuple[str, Entry]]:
    """Every entry of the corpus with its dialect."""
    return [(dialect, entry) for dialect in OTHERS for entry in corpus(kind, dialect)]


def held_out(dialect: str, entry: Entry) -> bool:
    """Whether the entry belongs to the half that no list was tuned on before it was first run."""
    return hashlib.sha256(f"{dialect}/{entry.name}".encode()).digest()[0] % 2 == 1
