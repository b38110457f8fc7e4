"""Filters, periods and existence as conditions that never multiply rows."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from atlas.semantic.compiled import CompileError
from atlas.semantic.joins import Path
from atlas.semantic.periods import resolve
from atlas.semantic.query import DateRange, Existence, Filter, Period, Value
from atlas.semantic.scope import Scope, Tables

_COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


@dataclass(frozen=True)
class Clause:
    """A condition on one dimension; `negated` reaches around a one-to-many join."""

    dimension: str
    build: Callable[[exp.Expr], exp.Expr]
    negated: bool = False


def time_reference(scope: Scope, base: str, dimension: str | None) -> str:
    """The dimension that dates rows of `base`; CompileError when it has none."""
    entity = scope.entity(base)
    found = dimension or entity.default_time
    if entity.snapshot and (found is None or found.startswith(f"{base}.")):
        raise CompileError(
            "no_history",
            f"{entity.label} are known only as they are now, without history.",
        )
    if found is None:
        raise CompileError("no_time", f"{entity.label} have no date to go by.")
    scope.dimension(found)
    return found


def clauses(
    scope: Scope, base: str, filters: Sequence[Filter], periods: Sequence[Period]
) -> list[Clause]:
    """The conditions of filters and periods; several periods are alternatives."""
    found = [_filter_clause(scope, item) for item in filters]
    if periods:
        reference = time_reference(scope, base, periods[0].dimension)
        ranges = [span for period in periods for span in resolve(period, scope.today)]
        found.append(Clause(reference, lambda at: in_ranges(at, ranges)))
    return found


def conditions(tables: Tables, items: Sequence[Clause]) -> list[exp.Expr]:
    """Clauses as conditions over `tables`, which may be joined further.

    Entities that would multiply rows are looked into by EXISTS; the conditions that meet in one
    such entity hold for the same row of it.
    """
    direct: list[exp.Expr] = []
    apart: dict[str, tuple[Path, list[Clause]]] = {}
    for item in items:
        entity = tables.scope.entity(item.dimension).name
        path = () if tables.holds(entity) else tables.scope.path(tables.base, entity)
        if not any(step.many for step in path):
            tables.join(path)
            condition = item.build(tables.dimension(item.dimension))
            direct.append(_not(condition) if item.negated else condition)
        elif item.negated:
            positive = Clause(item.dimension, item.build)
            direct.append(exp.not_(_related(tables, path, [positive])))
        else:
            key = next(step.end for step in path if step.many)
            apart.setdefault(key, (path, []))[1].append(item)
    return direct + [_related(tables, path, found) for path, found in apart.values()]


def _related(tables: Tables, path: Path, items: Sequence[Clause]) -> exp.Expr:
    index = next((i for i, step in enumerate(path) if step.many), 0)
    tables.join(path[:index])
    step = path[index]
    inner = Tables(tables.scope, step.end, tables.scope.next_suffix())
    where = [tables.link(step, inner), *conditions(inner, items)]
    return exp.Exists(this=inner.into(exp.select("1")).where(*where, copy=False))


def existence(tables: Tables, item: Existence, negated: bool) -> exp.Expr:
    """Whether related rows exist, as a condition over `tables`."""
    path = tables.scope.path(tables.base, tables.scope.entity(item.entity).name)
    if not path:
        raise CompileError("unsupported", "Rows cannot be related to themselves.")
    found = _existence(tables, path, item)
    return exp.not_(found) if negated else found


def _existence(tables: Tables, path: Path, item: Existence) -> exp.Expr:
    index = next((i for i, step in enumerate(path) if step.many), 0)
    tables.join(path[:index])
    step, rest = path[index], path[index + 1 :]
    inner = Tables(tables.scope, step.end, tables.scope.next_suffix())
    where = [tables.link(step, inner)]
    if rest:
        where.append(_existence(inner, rest, item))
    else:
        periods = [item.time] if item.time else []
        where += conditions(inner, clauses(tables.scope, step.end, item.filters, periods))
    return exp.Exists(this=inner.into(exp.select("1")).where(*where, copy=False))


def in_ranges(at: exp.Expr, ranges: Sequence[DateRange]) -> exp.Expr:
    """Whether a date or time lies in one of the ranges."""
    parts = []
    for span in ranges:
        sides: list[exp.Expr] = []
        if span.start is not None:
            sides.append(exp.GTE(this=at.copy(), expression=day(span.start)))
        if span.before is not None:
            sides.append(exp.LT(this=at.copy(), expression=day(span.before)))
        parts.append(exp.and_(*sides) if sides else exp.true())
    return exp.or_(*parts)


def day(value: dt.date) -> exp.Expr:
    """A day as a literal of type date."""
    return exp.cast(exp.Literal.string(value.isoformat()), "date")


def _filter_clause(scope: Scope, item: Filter) -> Clause:
    kind = scope.dimension(item.dimension).type
    if item.op != "is_null" and not item.values:
        raise CompileError("bad_value", f"The filter on {item.dimension} has no value.")
    literals = [_literal(kind, value) for value in item.values]
    if kind == "boolean" and item.op == "=":
        # Both values together leave out only what is neither.
        both = len(set(item.values)) > 1
        wanted = exp.Not(this=exp.null()) if both else literals[0]
        return Clause(
            item.dimension,
            lambda at: exp.Is(this=exp.paren(at), expression=wanted),
            item.negated,
        )
    return Clause(item.dimension, lambda at: exp.paren(_test(item.op, at, literals)), item.negated)


def _not(condition: exp.Expr) -> exp.Expr:
    """True also where the condition is unknown: "not Germany" keeps rows without a country."""
    if isinstance(condition, exp.Is):
        return exp.not_(condition)
    return exp.not_(exp.Is(this=condition, expression=exp.true()))


def _test(op: str, at: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    if op == "is_null":
        return exp.Is(this=at, expression=exp.null())
    if op == "contains":
        return exp.or_(*(exp.ILike(this=at.copy(), expression=_pattern(v)) for v in values))
    if op == "between":
        if len(values) != 2:
            raise CompileError("bad_value", "A range needs two values.")
        return exp.Between(this=at, low=values[0], high=values[1])
    if op == "=" and len(values) > 1:
        return exp.In(this=at, expressions=values)
    return _COMPARE[op](this=at, expression=values[0])


def _pattern(value: exp.Expr) -> exp.Expr:
    text = value.name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return exp.Literal.string(f"%{text}%")


def _literal(kind: str, value: Value) -> exp.Expr:
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if kind == "date":
        try:
            return day(dt.date.fromisoformat(str(value)))
        except ValueError as error:
            raise CompileError("bad_value", "A day is written as YYYY-MM-DD.") from error
    if isinstance(value, (int, float)):
        return number(value)
    if kind == "number":
        raise CompileError("bad_value", "This column is compared with numbers.")
    return exp.Literal.string(value)


def number(value: float) -> exp.Expr:
    """A numeric literal; a negative one is a negated literal."""
    whole = int(value) if float(value).is_integer() else value
    literal = exp.Literal.number(repr(abs(whole)))
    return exp.Neg(this=literal) if value < 0 else literal
