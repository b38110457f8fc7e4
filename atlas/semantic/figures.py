"""Measures and metrics as aggregates, and the figures made from them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.conditions import clauses, conditions, time_reference
from atlas.semantic.entities import Metric
from atlas.semantic.query import Filter, Period
from atlas.semantic.scope import Scope, Tables

Values = Mapping[str, exp.Expr]
"""The expression of each slot, by slot name."""


@dataclass(frozen=True)
class Slot:
    """One aggregate to compute, over the rows of `period` and `filters` only when given."""

    name: str
    measure: str
    period: Period | None = None
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Figure:
    """An output column made from slots."""

    column: OutputColumn
    build: Callable[[Values], exp.Expr]


@dataclass
class Slots:
    """The aggregates a query needs, each once."""

    scope: Scope
    groups: tuple[str, ...] = ()
    by_time: bool = False
    time_dimension: str | None = None
    swapped: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[object, ...], Slot] = field(default_factory=dict)

    def add(
        self, measure: str, period: Period | None = None, filters: tuple[Filter, ...] = ()
    ) -> str:
        """The name of the slot for a measure."""
        self.scope.measure(measure)
        safe = self._safe(measure)
        key = (safe, period, filters)
        if key not in self._found:
            name = _free(safe.replace(".", "_"), (s.name for s in self._found.values()))
            self._found[key] = Slot(name, safe, period, filters)
        return self._found[key].name

    def by_base(self) -> dict[str, list[Slot]]:
        """The slots of each entity whose rows they aggregate."""
        bases: dict[str, list[Slot]] = {}
        for slot in self._found.values():
            bases.setdefault(slot.measure.partition(".")[0], []).append(slot)
        return bases

    def _safe(self, ref: str) -> str:
        """The measure, or one of the same family that the groups do not multiply."""
        measure = self.scope.measure(ref)
        if measure.agg in ("count", "count_distinct", "min", "max") or self._fits(ref):
            return ref
        for entity in self.scope.layer.entities:
            for other in entity.measures:
                found = f"{entity.name}.{other.name}"
                if measure.family and other.family == measure.family and self._fits(found):
                    self.swapped[ref] = found
                    return found
        groups = ", ".join(self.scope.entity(group).label.lower() for group in self.groups)
        groups = groups or "time"
        raise CompileError(
            "fan_out",
            f"{measure.label} cannot be split by {groups}: each row would be counted "
            "several times.",
        )

    def _fits(self, ref: str) -> bool:
        base = ref.partition(".")[0]
        needed = list(self.groups)
        if self.by_time:
            needed.append(time_reference(self.scope, base, self.time_dimension).partition(".")[0])
        return all(self.scope.graph.is_safe(base, group) for group in needed)


def _free(name: str, taken: Iterable[str]) -> str:
    used = set(taken)
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name}_{number}", number + 1
    return candidate


def aggregate(tables: Tables, slot: Slot) -> exp.Expr:
    """The aggregate of a slot over the rows of `tables`, whose base is the measure's entity."""
    scope, base = tables.scope, tables.base
    measure = scope.measure(slot.measure)
    only = [tables.expression(base, measure.filter)] if measure.filter else []
    periods = [slot.period] if slot.period else []
    only += conditions(tables, clauses(scope, base, slot.filters, periods))
    found = _aggregated(tables, slot.measure)
    if not only:
        return found
    condition = exp.and_(*only)
    if isinstance(found, exp.AggFunc):
        return _over(found, condition)
    for part in list(found.find_all(exp.AggFunc)):
        part.replace(_over(part.copy(), condition))
    return found


def _over(found: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=found, expression=exp.Where(this=condition.copy()))


def _aggregated(tables: Tables, ref: str) -> exp.Expr:
    measure = tables.scope.measure(ref)
    if measure.agg == "count" and not measure.sql:
        if not tables.multiplies:
            return exp.Count(this=exp.Star())
        keys: list[exp.Expr] = list(tables.primary_key(tables.base))
        distinct = keys[0] if len(keys) == 1 else exp.Tuple(expressions=keys)
        return exp.Count(this=exp.Distinct(expressions=[distinct]))
    inner = tables.expression(tables.base, measure.sql)
    if measure.agg == "expression":
        return inner
    if measure.agg == "count_distinct":
        return exp.Count(this=exp.Distinct(expressions=[inner]))
    if measure.agg == "count" and tables.multiplies:
        raise CompileError(
            "fan_out", f"{measure.label} would be counted several times in this split."
        )
    build: dict[str, type[exp.AggFunc]] = {
        "sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max, "count": exp.Count,
    }  # fmt: skip
    return build[measure.agg](this=inner)


def figure(slots: Slots, ref: str, period: Period | None = None) -> Figure:
    """The figure of a measure or metric; its slots are added to `slots`."""
    metric = slots.scope.layer.metric(ref)
    if metric is not None:
        return _metric_figure(slots, metric, period)
    if ref.startswith("metrics."):
        slots.scope.measure(ref)
    name = slots.add(ref, period)
    measure = slots.scope.measure(ref)
    column = OutputColumn(ref.partition(".")[2], measure.label, measure.format, "measure")
    return Figure(column, lambda values: values[name].copy())


def _metric_figure(slots: Slots, metric: Metric, period: Period | None) -> Figure:
    names = {ref: slots.add(ref, period) for ref in metric_measures(metric)}
    column = OutputColumn(metric.name, metric.label, metric.format, "measure")

    def build(values: Values) -> exp.Expr:
        if metric.numerator and metric.denominator:
            above, below = values[names[metric.numerator]], values[names[metric.denominator]]
            return ratio(above, below)
        return _placed(metric, {ref: values[name] for ref, name in names.items()})

    return Figure(column, build)


def metric_measures(metric: Metric) -> tuple[str, ...]:
    """The measures that a metric is made of, as "entity.measure"."""
    if metric.numerator and metric.denominator:
        return (metric.numerator, metric.denominator)
    found = [f"{c.table}.{c.name}" for c in _expression(metric).find_all(exp.Column)]
    return tuple(dict.fromkeys(found))


def _expression(metric: Metric) -> exp.Expr:
    try:
        return sqlglot.parse_one(metric.expression or "", dialect="postgres")
    except SqlglotError as error:
        raise CompileError(
            "unsupported", f"The expression of {metric.label} is not SQL."
        ) from error


def _placed(metric: Metric, values: Mapping[str, exp.Expr]) -> exp.Expr:
    def place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return exp.paren(values[f"{node.table}.{node.name}"].copy())
        return node

    tree = _expression(metric).transform(place)
    for division in list(tree.find_all(exp.Div)):
        below = exp.Nullif(this=division.expression, expression=exp.Literal.number(0))
        division.set("this", exp.cast(division.this, "numeric"))
        division.set("expression", below)
    return tree


def ratio(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """`above / below` as a decimal fraction; unknown when `below` is zero."""
    zero = exp.Literal.number(0)
    return exp.Div(
        this=exp.cast(above.copy(), "numeric"),
        expression=exp.Nullif(this=below.copy(), expression=zero),
    )


def difference(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """`left - right`, each side kept whole."""
    return exp.Sub(this=whole(left), expression=whole(right))


def whole(value: exp.Expr) -> exp.Expr:
    """A copy that keeps its meaning inside any arithmetic."""
    plain = isinstance(value, (exp.Column, exp.Func, exp.Paren))
    return value.copy() if plain else exp.paren(value.copy())
