"""The SQL guard: text in, a query that reads only what is listed out, or a reason why not."""

from typing import TYPE_CHECKING, Any

from atlas.sql.types import Catalog, Options, Position, Rejection, Table, ValidatedQuery

if TYPE_CHECKING:
    from atlas.sql.expressions import ExpressionError, parse_expression, referenced_columns
    from atlas.sql.pipeline import validate

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


def __getattr__(name: str) -> Any:
    """Import what parses on first use: the parser is a tenth of the start, and pages need none."""
    if name not in __all__:
        raise AttributeError(name)
    from atlas.sql import expressions, pipeline  # noqa: PLC0415 - a slow import

    return getattr(pipeline if name == "validate" else expressions, name)
