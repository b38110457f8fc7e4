"""Calls in engines other than PostgreSQL: listed by name, in FROM from a list of their own."""

import re
from collections.abc import Iterable

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.dialects.words import words
from atlas.sql.letters import lower
from atlas.sql.refusal import RefusalError, did_you_mean, nearest, offset_of
from atlas.sql.stages.bounds import (
    MAX_SERIES,
    arguments_of,
    bound_series,
    bound_size,
    too_large,
)
from atlas.sql.stages.constants import constant

_CALLS = (
    exp.Anonymous,
    exp.AnonymousAggFunc,
    exp.CombinedAggFunc,
    exp.ParameterizedAgg,
    exp.CombinedParameterizedAgg,
)
# Anything longer than this from one constant call is no analysis.
_SERIES = words(
    """
    range generate_series generate_array generateseries generate_timestamp_array
    array_generate_range
    """
)
_COUNTS = frozenset({"numbers", "numbers_mt", "zeros", "zeros_mt", "primes", "arraywithconstant"})
# What gives a column in the structure of ClickHouse's VALUES an expression, which no stage sees.
_COMPUTED = re.compile(
    r"\w.*\b(?:DEFAULT|ALIAS|MATERIALIZED|EPHEMERAL|CODEC|TTL)\b\s*\S",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)
_WIDE = re.compile(r"%[^A-Za-z%]*(?:\*|[0-9]{5})|\{[^}]*(?:[0-9]{5}|\{)", re.ASCII)


def check_calls(nodes: Iterable[exp.Expr], rules: DialectRules, extra: frozenset[str]) -> None:
    """Refuse calls that are not listed, and constants that produce too much."""
    for node in nodes:
        if isinstance(node, _CALLS):
            _check_call(node, rules, extra)
        elif isinstance(node, exp.Apply):
            # ClickHouse's APPLY(name) calls the function for every column.
            _check_name(node.expression, node.expression.name, rules, extra)
        elif isinstance(node, exp.Values) and rules.traits.value_structures:
            _check_structure(node)


def _check_call(call: exp.Expr, rules: DialectRules, extra: frozenset[str]) -> None:
    if not isinstance(call.this, str):
        _refuse_spelling(call)
    name = _name(call, rules)
    _check_name(call, name, rules, extra)
    _bound(call, lower(name), rules)


def _check_name(call: exp.Expr, name: str, rules: DialectRules, extra: frozenset[str]) -> None:
    in_from = _is_source(call)
    allowed = rules.traits.table_functions if in_from else rules.functions
    caseless = not in_from and lower(name) in rules.traits.caseless
    if not caseless and name not in allowed and name not in extra and not _is_combined(name, rules):
        suggestion = nearest(name, allowed | extra)
        place = " in FROM" if in_from else ""
        raise RefusalError(
            "function_not_allowed",
            f"The function {name} is not one that may be called{place}{did_you_mean(suggestion)}",
            offending=name[:200],
            offset=offset_of(call),
            suggestion=suggestion,
        )


def _check_structure(values: exp.Values) -> None:
    """The first value may be a text that names columns and their types, and no more than that."""
    first: exp.Expr = values
    while isinstance(first, exp.Values | exp.Tuple | exp.Paren):
        first = (
            first.this
            if isinstance(first, exp.Paren)
            else next(iter(first.expressions), first.this)
        )
    if isinstance(first, exp.Literal) and first.is_string and _COMPUTED.search(first.name):
        raise RefusalError(
            "not_allowed",
            "The columns of VALUES have a name and a type only; compute others in SELECT.",
            offending=first.name[:200],
            offset=offset_of(values),
        )


def _name(call: exp.Expr, rules: DialectRules) -> str:
    """The name as it is listed, with the package in front of it (`net.host`)."""
    name = str(call.this) if rules.traits.keeps_call_case else lower(str(call.this))
    parent = call.parent
    if isinstance(parent, exp.SafeFunc):
        return name
    if isinstance(parent, exp.NetFunc):
        return f"net.{name}"
    if isinstance(parent, exp.Dot) and parent.expression is call:
        return _dotted(parent, call, name, rules)
    if isinstance(parent, exp.Table) and parent.args.get("db"):
        _refuse_spelling(call)
    return name


def _dotted(dot: exp.Dot, call: exp.Expr, name: str, rules: DialectRules) -> str:
    left = dot.this
    first = left.this if isinstance(left, exp.Column) else left
    if isinstance(first, exp.Identifier) and not isinstance(dot.parent, exp.Dot):
        package = lower(str(first.this))
        if package in rules.traits.packages:
            return f"{package}.{name}"
    if not rules.traits.method_calls:
        _refuse_spelling(call)
    return name


def _is_source(call: exp.Expr) -> bool:
    parent = call.parent
    if isinstance(parent, exp.Dot):
        return isinstance(parent.parent, exp.Table | exp.Lateral | exp.TableFromRows)
    return isinstance(parent, exp.Table | exp.Lateral | exp.TableFromRows)


def _is_combined(name: str, rules: DialectRules) -> bool:
    """ClickHouse's aggregates take suffixes such as If and OrNull, one behind another."""
    endings = rules.traits.combinators
    while endings and name not in rules.traits.aggregates:
        ending = next((e for e in endings if name.endswith(e) and len(name) > len(e)), None)
        if ending is None:
            return False
        name = name.removesuffix(ending)
    return bool(endings)


def _refuse_spelling(call: exp.Expr) -> None:
    raise RefusalError(
        "function_not_allowed",
        "Functions are called by their plain name, without quotes or a schema in front.",
        offending=call.sql()[:200],
        offset=offset_of(call),
    )


def _bound(call: exp.Expr, name: str, rules: DialectRules) -> None:
    if name in rules.size_bounds:
        bound_size(call, name, rules)
    elif name in _SERIES:
        bound_series(call, name, arguments_of(call, rules))
    elif name in _COUNTS:
        _bound_count(call, name)
    elif name == "repeat_row":
        _bound_repeated(call)
    elif name == "generator":
        _bound_generator(call)
    elif name in rules.traits.templates:
        _bound_format(call, name, arguments_of(call, rules))


def _bound_count(call: exp.Expr, name: str) -> None:
    values = [constant(argument) for argument in call.expressions]
    if any(value is not None and value > MAX_SERIES * 10 for value in values):
        raise too_large(call, f"The function {name} may produce at most {MAX_SERIES * 10:,} rows.")


def _bound_repeated(call: exp.Expr) -> None:
    """DuckDB's row, so many times as its named argument says."""
    named = [a for a in call.expressions if isinstance(a, exp.EQ | exp.PropertyEQ | exp.Kwarg)]
    values = [constant(argument.expression) for argument in named]
    if not values or any(value is None or value > MAX_SERIES for value in values):
        raise too_large(
            call, f"REPEAT_ROW needs num_rows, which is a constant of at most {MAX_SERIES:,}."
        )


def _bound_generator(call: exp.Expr) -> None:
    """Snowflake's row source, by a number of rows and never by time."""
    for argument in call.expressions:
        by_rows = isinstance(argument, exp.Kwarg) and argument.this.name.upper() == "ROWCOUNT"
        value = constant(argument.expression) if by_rows else None
        if value is None or value > MAX_SERIES * 10:
            raise too_large(
                call, f"GENERATOR needs a constant ROWCOUNT of at most {MAX_SERIES * 10:,}."
            )


def _bound_format(call: exp.Expr, name: str, arguments: list[exp.Expr]) -> None:
    template = arguments[0] if arguments else None
    if template is None:
        return
    if not isinstance(template, exp.Literal) or _WIDE.search(template.this):
        raise too_large(
            call, f"The function {name} needs a constant template, widths below 10,000."
        )
