"""The SQL guard: text in, a query that reads only what is listed out, or a reason why not."""

from atlas.sql.expressions import ExpressionError, parse_expression, referenced_columns
from atlas.sql.pipeline import validate
from atlas.sql.types import Catalog, Options, Position, Rejection, Table, ValidatedQuery

__all__ = [
    "Catalog",
    "ExpressionError",
    "Options",
    "Position",
    "Rejection",
    "Table",
    "ValidatedQuery",
    "parse_expression",
    "referenced_columns",
    "validate",
]
