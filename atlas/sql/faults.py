"""What the parser raises when a text leads it astray, its own errors among them."""

from sqlglot.errors import SqlglotError

PARSER_FAULTS = (ArithmeticError, AttributeError, LookupError, SqlglotError, TypeError, ValueError)
