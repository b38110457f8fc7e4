"""Which calls sqlglot's PostgreSQL parser would translate (data only)."""

from sqlglot.dialects.postgres import Postgres

# Calls with keywords inside need the parser's own reading; it prints them as they were.
_WITH_KEYWORDS = frozenset(
    {"CAST", "EXTRACT", "NORMALIZE", "OVERLAY", "POSITION", "SUBSTRING", "TRIM"}
)
_WITHOUT_PARENTHESES = frozenset({"ANY", "CASE", "VARIADIC"})

DIALECT = Postgres()

TRANSLATED_NAMES = (
    frozenset(DIALECT.parser_class.FUNCTIONS)
    | frozenset(DIALECT.parser_class.FUNCTION_PARSERS)
    | frozenset(DIALECT.parser_class.NO_PAREN_FUNCTION_PARSERS)
) - (_WITH_KEYWORDS | _WITHOUT_PARENTHESES)
