"""Bounds: arguments that decide how much a call produces are limited."""

import operator
import re
from collections.abc import Callable

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.letters import lower
from atlas.sql.refusal import RefusalError, offset_of

MAX_SERIES = 1_000_000
_WIDE_FORMAT = re.compile(r"%(?:\d+\$)?-?(?:\d{5,}|\*)")


def bound_call(call: exp.Anonymous, name: str, rules: DialectRules) -> None:
    """Refuse a constant that is too large; wrap what is not constant in LEAST."""
    if name in rules.size_bounds:
        bound_size(call, name, rules)
    elif name == "generate_series":
        _bound_series(call)
    elif name == "format":
        _bound_format(call)
    elif name == "array_fill":
        _bound_fill(call)


def bound_size(call: exp.Expr, name: str, rules: DialectRules) -> None:
    """Bound the argument that decides how long the result of this call is."""
    position, most = rules.size_bounds[name]
    arguments = call.expressions
    if len(arguments) <= position:
        return
    if any(n is not call and _is_sized(n, rules) for a in arguments for n in a.walk()):
        raise too_large(call, f"The function {name} cannot be used inside itself or a similar one.")
    size = arguments[position]
    value = constant(size)
    if value is None:
        if not _is_bounded(size, most):
            least = exp.Anonymous(this="LEAST")
            size.replace(least)
            least.set("expressions", [size, exp.Literal.number(most)])
    elif value > most:
        raise too_large(call, f"The function {name} may produce at most {most:,} here.")


def _is_sized(node: exp.Expr, rules: DialectRules) -> bool:
    return isinstance(node, exp.Anonymous) and lower(str(node.this)) in rules.size_bounds


def _is_bounded(size: exp.Expr, most: int) -> bool:
    if not isinstance(size, exp.Anonymous) or str(size.this).lower() != "least":
        return False
    values = [constant(argument) for argument in size.expressions]
    return any(value is not None and value <= most for value in values)


def _bound_series(call: exp.Anonymous) -> None:
    values = [constant(argument) for argument in call.expressions[:3]]
    if len(values) < 2:
        return
    start, stop = values[0], values[1]
    step = values[2] if len(values) > 2 else 1.0
    if start is None or stop is None or step is None:
        return
    if step == 0 or (stop - start) / step > MAX_SERIES:
        raise too_large(
            call, f"The function generate_series may produce at most {MAX_SERIES:,} rows."
        )


def _bound_format(call: exp.Anonymous) -> None:
    if not call.expressions:
        return
    template = call.expressions[0]
    if not isinstance(template, exp.Literal) or _WIDE_FORMAT.search(template.this):
        raise too_large(call, "The function format needs a constant template, widths below 10,000.")


def _bound_fill(call: exp.Anonymous) -> None:
    for dimensions in call.expressions[1:2]:
        sizes = [constant(size) for size in dimensions.expressions]
        total = 1.0
        for size in sizes:
            total *= MAX_SERIES + 1 if size is None else size
        if not sizes or total > MAX_SERIES:
            raise too_large(
                call, f"The function array_fill needs constant sizes of at most {MAX_SERIES:,}."
            )


def too_large(call: exp.Expr, message: str) -> RefusalError:
    """The refusal of a call that would produce too much."""
    return RefusalError("too_large", message, offending=call.sql()[:200], offset=offset_of(call))


_OPERATIONS: dict[type[exp.Expr], Callable[[float, float], float]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
}


def constant(node: exp.Expr) -> float | None:
    """The value of a number written with signs, parentheses, casts and + - *, else None."""
    if isinstance(node, exp.Literal):
        return _float(node.this)
    if isinstance(node, exp.Paren | exp.Cast):
        return constant(node.this)
    if isinstance(node, exp.Neg):
        value = constant(node.this)
        return None if value is None else -value
    operation = _OPERATIONS.get(type(node))
    if operation is None or not isinstance(node, exp.Binary):
        return None
    left, right = constant(node.this), constant(node.expression)
    return None if left is None or right is None else operation(left, right)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
