"""Constants: the value of a number, a point in time or a span that is written out in the query."""

import datetime
import math
import operator
import re
from collections.abc import Callable

from sqlglot import exp

from atlas.sql.letters import lower


def constant(node: exp.Expr) -> float | None:
    """The value of a number written with signs, parentheses, casts and operators, else None."""
    if isinstance(node, exp.Literal):
        return _float(node.this)
    if isinstance(node, exp.Paren | exp.Cast):
        return constant(node.this)
    if isinstance(node, exp.Neg):
        value = constant(node.this)
        return None if value is None else -value
    if isinstance(node, exp.Subquery):
        return _selected(node.this)
    if isinstance(node, exp.Anonymous):
        return _called(node)
    return _operated(node)


def _selected(query: exp.Expr) -> float | None:
    """The value of a query that is nothing but one constant."""
    bare = isinstance(query, exp.Select) and not query.args.get("from_")
    if not bare or len(query.expressions) != 1:
        return None
    value = query.expressions[0]
    return constant(value.this if isinstance(value, exp.Alias) else value)


# Calls that change the type of their only argument.
_CONVERSIONS = re.compile(r"to(u?int|float|decimal|_?number|_?double)[0-9]*", re.ASCII)


def _called(call: exp.Anonymous) -> float | None:
    name = lower(str(call.this))
    values = [constant(argument) for argument in call.expressions]
    numbers = [value for value in values if value is not None]
    if len(numbers) != len(values):
        return None
    if name in ("pow", "power") and len(numbers) == 2:
        return _calculated(operator.pow, *numbers)
    if len(numbers) == 1 and _CONVERSIONS.fullmatch(name):
        return numbers[0]
    return None


_OPERATIONS: dict[type[exp.Expr], Callable[[float, float], float]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
    exp.IntDiv: operator.floordiv,
    exp.Pow: operator.pow,
    exp.BitwiseLeftShift: lambda value, places: value * 2.0**places,
}


def _operated(node: exp.Expr) -> float | None:
    operation = _OPERATIONS.get(type(node))
    if operation is None or not isinstance(node, exp.Binary):
        return None
    left, right = constant(node.this), constant(node.expression)
    return None if left is None or right is None else _calculated(operation, left, right)


def _calculated(
    operation: Callable[[float, float], float], left: float, right: float
) -> float | None:
    try:
        value = operation(left, right)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return None
    return value if isinstance(value, float) else None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def moment(node: exp.Expr) -> float | None:
    """A point in time that is written out, in seconds, else None."""
    if isinstance(node, exp.Paren | exp.Cast):
        return moment(node.this)
    if isinstance(node, exp.Anonymous) and len(node.expressions) == 1:
        return moment(node.expressions[0])
    if not isinstance(node, exp.Literal) or not node.is_string:
        return None
    if lower(node.this.strip()) == "infinity":
        return math.inf
    try:
        found = datetime.datetime.fromisoformat(node.this.strip())
    except ValueError:
        return None
    return (found.replace(tzinfo=None) - datetime.datetime.min).total_seconds()


_SECONDS = {
    "microsecond": 1e-6,
    "millisecond": 1e-3,
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86_400.0,
    "week": 604_800.0,
    "month": 2_592_000.0,
    "quarter": 7_776_000.0,
    "year": 31_536_000.0,
}
_SPAN = re.compile(r"\s*([0-9.]+)\s*([a-z]+?)s?\s*", re.ASCII)


def span(node: exp.Expr) -> float | None:
    """A length of time that is written out, in seconds, else None."""
    if isinstance(node, exp.Paren | exp.Cast):
        return span(node.this)
    if isinstance(node, exp.Interval):
        unit = node.args.get("unit")
        text = f"{node.this.name} {unit.name}" if node.this and unit else node.name
    else:
        text = node.name if isinstance(node, exp.Literal) and node.is_string else ""
    found = _SPAN.fullmatch(lower(text))
    if found is None or found[2] not in _SECONDS:
        return None
    value = _float(found[1])
    return None if value is None else value * _SECONDS[found[2]]
