"""The dialects the guard knows."""

from atlas.sql.dialects.postgres import RULES as POSTGRES
from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError

_BY_NAME = {"postgres": POSTGRES, "postgresql": POSTGRES}


def rules_for(dialect: str) -> DialectRules:
    """The rules of a dialect by name; refuses a dialect nobody described."""
    rules = _BY_NAME.get(dialect.lower())
    if rules is None:
        known = ", ".join(sorted({r.name for r in _BY_NAME.values()}))
        raise RefusalError(
            "unknown_dialect",
            f"Queries in the dialect {dialect or '(none)'} cannot be checked yet; known: {known}.",
            offending=dialect,
        )
    return rules
