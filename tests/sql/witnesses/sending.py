"""What of a text would reach an engine: the checked text, with unlisted columns out of reach."""

from atlas.sql import ValidatedQuery, validate
from tests.sql.other import ask
from tests.sql.witnesses.company import CLOSED
from tests.sql.world import CATALOG


def narrow(sql: str, dialect: str) -> ValidatedQuery | None:
    """The text as it is sent where some columns are listed, None when it is refused."""
    catalog = CATALOG if dialect == "postgres" else CLOSED
    answer = validate(sql, dialect=dialect, catalog=catalog)
    return answer if isinstance(answer, ValidatedQuery) else None


def checked(sql: str, dialect: str) -> ValidatedQuery | None:
    """The same, with every column open for what is refused otherwise."""
    found = narrow(sql, dialect)
    if found is None and dialect != "postgres":
        answer = ask(sql, dialect)
        found = answer if isinstance(answer, ValidatedQuery) else None
    return found
