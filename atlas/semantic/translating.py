"""Texts of the layer, which are PostgreSQL's SQL, in the words of another engine."""

from collections.abc import Iterable

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from atlas.semantic.layer import SemanticLayer

OWN = "postgres"
MYSQL = frozenset({"mysql", "mariadb"})
# Whole numbers of 28 digits and ten behind the point; a bare DECIMAL would hold none there.
_FRACTION = exp.DataType.build("DECIMAL(38, 10)", dialect="mysql")
_DOUBLE = exp.DataType.build("DOUBLE", dialect="duckdb")
# The first day of what holds a day x. Weeks begin on Monday, as they do in PostgreSQL.
_TRUNCATED = {
    "YEAR": "MAKEDATE(YEAR(x), 1)",
    "QUARTER": "DATE_ADD(MAKEDATE(YEAR(x), 1), INTERVAL (QUARTER(x) - 1) QUARTER)",
    "MONTH": "DATE_SUB(DATE(x), INTERVAL (DAYOFMONTH(x) - 1) DAY)",
    "WEEK": "DATE_SUB(DATE(x), INTERVAL (WEEKDAY(x)) DAY)",
    "DAY": "DATE(x)",
}
# Parts of a day that are named otherwise, or counted otherwise.
_EXTRACTED = {
    "ISODOW": "(WEEKDAY(x) + 1)",
    "DOW": "(DAYOFWEEK(x) - 1)",
    "DOY": "DAYOFYEAR(x)",
    "WEEK": "WEEK(x, 3)",
}
_FROM_PARTS = "STR_TO_DATE(CONCAT(y, '-', m, '-', d), '%Y-%c-%e')"


def in_dialect(sql: str, dialect: str, dates: Iterable[str] = ()) -> str:
    """A statement of the layer as the engine `dialect` reads it; PostgreSQL's stays as it is.

    `dates` are columns that hold dates, whose difference is a number of days. What has no
    counterpart is left as it was written, and the guard or the engine says so.
    """
    if dialect == OWN:
        return sql
    tree = sqlglot.parse_one(sql, dialect=OWN)
    tree = tree.transform(_plain_null).transform(_wide_number, dialect in MYSQL)
    if dialect in MYSQL:
        # One after the other: what a step puts in place is not looked into by the same step.
        tree = tree.transform(_filtered).transform(_flat).transform(_days, frozenset(dates))
    elif dialect == "duckdb":
        tree = tree.transform(_with_escape)
    target = "mysql" if dialect in MYSQL else dialect
    return tree.sql(dialect=target, unsupported_level=ErrorLevel.IGNORE)


def date_columns(layer: SemanticLayer) -> frozenset[str]:
    """The columns that are dates by themselves, by name."""
    dimensions = (one for entity in layer.entities for one in entity.dimensions)
    return frozenset(one.sql.strip('"') for one in dimensions if one.type == "date")


def _plain_null(node: exp.Expr) -> exp.Expr:
    """A NULL takes the type of what stands beside it; a type of its own would round that."""
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Null):
        return exp.null()
    return node


def _wide_number(node: exp.Expr, for_mysql: bool) -> exp.Expr:
    """PostgreSQL's numeric without a scale keeps every digit; elsewhere it keeps three or none."""
    is_bare = isinstance(node, exp.DataType) and node.this == exp.DType.DECIMAL
    if is_bare and not node.expressions:
        return (_FRACTION if for_mysql else _DOUBLE).copy()
    return node


def _with_escape(node: exp.Expr) -> exp.Expr:
    """A backslash escapes in PostgreSQL's patterns without being told."""
    if not isinstance(node, exp.Like | exp.ILike) or isinstance(node.parent, exp.Escape):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))


def _filtered(node: exp.Expr) -> exp.Expr:
    """An aggregate over the rows that a condition holds for, without FILTER."""
    if not isinstance(node, exp.Filter):
        return node
    aggregate: exp.Expr = node.this.copy()
    condition = node.expression.this
    inner = aggregate.this
    counted = inner.expressions if isinstance(inner, exp.Distinct) else [inner]
    for value in list(_flat_values(counted)):
        kept = exp.Literal.number(1) if isinstance(value, exp.Star) else value.copy()
        value.replace(exp.Case(ifs=[exp.If(this=condition.copy(), true=kept)]))
    return aggregate


def _flat(node: exp.Expr) -> exp.Expr:
    """DISTINCT over several values, which are no row here."""
    if not isinstance(node, exp.Distinct) or not isinstance(node.parent, exp.AggFunc):
        return node
    return exp.Distinct(expressions=[one.copy() for one in _flat_values(node.expressions)])


def _days(node: exp.Expr, dates: frozenset[str]) -> exp.Expr:
    """The first day of a span, a day of its parts, and the days between two."""
    if isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        form = _TRUNCATED.get(node.text("unit").upper())
        return _filled(form, x=node.this) if form else node
    if isinstance(node, exp.Extract):
        form = _EXTRACTED.get(node.this.name.upper())
        return _filled(form, x=node.expression) if form else node
    if isinstance(node, exp.Anonymous) and node.name.upper() == "MAKE_DATE":
        return _filled(_FROM_PARTS, **dict(zip("ymd", node.expressions, strict=False)))
    if isinstance(node, exp.Sub) and all(_is_date(side, dates) for side in node.iter_expressions()):
        return exp.DateDiff(this=node.this.copy(), expression=node.expression.copy())
    return node


def _flat_values(values: Iterable[exp.Expr]) -> Iterable[exp.Expr]:
    for value in values:
        yield from value.expressions if isinstance(value, exp.Tuple) else [value]


def _is_date(node: exp.Expr, dates: frozenset[str]) -> bool:
    if isinstance(node, exp.Paren):
        return _is_date(node.this, dates)
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DType.DATE)
    return isinstance(node, exp.CurrentDate) or (
        isinstance(node, exp.Column) and node.name in dates
    )


def _filled(form: str, **values: exp.Expr) -> exp.Expr:
    """A form with values in the places of its names."""
    tree = sqlglot.parse_one(form, dialect="mysql")
    filled: exp.Expr = tree.transform(
        lambda node: (
            values[node.name].copy()
            if node.name in values and isinstance(node, exp.Column)
            else node
        )
    )
    return filled
