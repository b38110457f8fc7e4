"""The dialects the guard knows; each is loaded when it is first asked for."""

from functools import cache
from importlib import import_module

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError

DIALECTS = (
    "bigquery",
    "clickhouse",
    "duckdb",
    "mariadb",
    "mysql",
    "postgres",
    "snowflake",
    "sqlite",
)
_OTHER_NAMES = {"postgresql": "postgres", "sqlite3": "sqlite"}


def rules_for(dialect: str) -> DialectRules:
    """The rules of a dialect by name; refuses a dialect nobody described."""
    name = dialect.lower()
    name = _OTHER_NAMES.get(name, name)
    if name not in DIALECTS:
        known = ", ".join(DIALECTS)
        raise RefusalError(
            "unknown_dialect",
            f"Queries in the dialect {dialect or '(none)'} cannot be checked yet; known: {known}.",
            offending=dialect,
        )
    return _load(name)


@cache
def _load(name: str) -> DialectRules:
    rules: DialectRules = import_module(f"atlas.sql.dialects.{name}").RULES
    return rules
