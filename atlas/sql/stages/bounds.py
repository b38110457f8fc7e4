"""Bounds: arguments that decide how much a call produces are limited."""

import math
import re

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.letters import lower
from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.stages.constants import constant, moment, span

MAX_SERIES = 1_000_000
_WIDE_FORMAT = re.compile(r"%(?:\d+\$)?-?(?:\d{5,}|\*)")


def bound_call(call: exp.Anonymous, name: str, rules: DialectRules) -> None:
    """Refuse a constant that is too large; wrap what is not constant in LEAST."""
    if name in rules.size_bounds:
        bound_size(call, name, rules)
    elif name == "generate_series":
        bound_series(call, name, call.expressions)
    elif name == "format":
        _bound_format(call)
    elif name == "array_fill":
        _bound_fill(call)


def bound_size(call: exp.Expr, name: str, rules: DialectRules) -> None:
    """Bound the argument that decides how long the result of this call is."""
    position, most = rules.size_bounds[name]
    arguments = arguments_of(call, rules)
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


def bound_series(call: exp.Expr, name: str, arguments: list[exp.Expr]) -> None:
    """Refuse a row of numbers or of times that is too long."""
    length = _length_in_numbers(arguments)
    if length is not None and length > MAX_SERIES:
        raise too_large(call, f"The function {name} may produce at most {MAX_SERIES:,} rows.")
    length = _length_in_time(arguments)
    if length is not None and length > MAX_SERIES * 10:
        raise too_large(call, f"The function {name} may produce at most {MAX_SERIES * 10:,} rows.")


def _length_in_numbers(arguments: list[exp.Expr]) -> float | None:
    values = [constant(argument) for argument in arguments[:3]]
    numbers = [value for value in values if value is not None]
    if not numbers or len(numbers) != len(values):
        return None
    start, stop = (0.0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) > 2 else 1.0
    return math.inf if step == 0 else (stop - start) / step


def _length_in_time(arguments: list[exp.Expr]) -> float | None:
    if len(arguments) < 3:
        return None
    start, stop, step = moment(arguments[0]), moment(arguments[1]), span(arguments[2])
    if stop == math.inf:
        return math.inf
    if start is None or stop is None or step is None:
        return None
    return math.inf if step == 0 else (stop - start) / step


def arguments_of(call: exp.Expr, rules: DialectRules) -> list[exp.Expr]:
    """The arguments of a call; where `a.f(b)` means `f(a, b)` also what stands before the dot."""
    parent = call.parent
    if rules.traits.method_calls and isinstance(parent, exp.Dot) and parent.expression is call:
        return [parent.this, *call.expressions]
    return call.expressions


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
