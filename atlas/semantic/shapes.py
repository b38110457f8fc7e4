"""The figures of each kind of query: plain, share of the whole, and two periods compared."""

from sqlglot import exp

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.figures import Figure, Slots, Values, difference, figure, ratio
from atlas.semantic.grouping import group_entities, groups
from atlas.semantic.periods import name_of, previous
from atlas.semantic.query import Filter, Period, Query
from atlas.semantic.scope import Scope
from atlas.semantic.select import Plan


def plan(scope: Scope, query: Query) -> Plan:
    """The grouped SELECT for a query of kind aggregate, share or compare."""
    if query.kind == "compare":
        return _compare(scope, query)
    if query.kind == "share":
        return _share(scope, query)
    return aggregate_plan(scope, query)


def aggregate_plan(scope: Scope, query: Query) -> Plan:
    """The plain form: groups and one figure for each measure."""
    found = _empty(scope, query)
    found.figures = [figure(found.slots, ref) for ref in query.measures]
    _add_having(found)
    return found


def _empty(scope: Scope, query: Query) -> Plan:
    grouping = groups(scope, query)
    slots = Slots(
        scope,
        groups=group_entities(scope, grouping),
        by_time=query.grain is not None,
        time_dimension=query.time.dimension if query.time else None,
    )
    periods = (query.time,) if query.time and _limits(query.time) else ()
    return Plan(query, grouping, slots, [], query.filters, periods)


def _limits(period: Period) -> bool:
    return period.relative is not None or bool(period.ranges)


def _add_having(found: Plan) -> None:
    found.having = [(figure(found.slots, item.measure), item) for item in found.query.having]


def _share(scope: Scope, query: Query) -> Plan:
    found = _empty(scope, query)
    ref = query.measures[0]
    part = _part(scope, query)
    if part:
        found.filters = tuple(item for item in query.filters if item not in part)
        found.figures = _share_of_filters(found, ref, part)
    elif query.group_by:
        found.figures = _shares_of_groups(found, ref)
    else:
        raise CompileError("unsupported", "A share needs a group or a condition to be a share of.")
    _add_having(found)
    return found


def _part(scope: Scope, query: Query) -> tuple[Filter, ...]:
    """The filters that make the part; the others say of which whole.

    "Which share of the orders from Germany were late": what is true or false of a row makes the
    part. Without such a condition the groups are the parts, and without groups all filters are.
    """
    named = tuple(f for f in query.filters if f.dimension in query.part)
    if named:
        return named
    said = tuple(f for f in query.filters if scope.dimension(f.dimension).type == "boolean")
    return said or (() if query.group_by else query.filters)


def _shares_of_groups(found: Plan, ref: str) -> list[Figure]:
    whole = figure(found.slots, ref)
    partition = "time" in {group.ref for group in found.groups}

    def share(values: Values) -> exp.Expr:
        value = whole.build(values)
        total = exp.Window(this=exp.Sum(this=value.copy()))
        return ratio(value, total)

    if partition:
        raise CompileError("unsupported", "Shares of groups over time are not known yet.")
    return [whole, Figure(_share_column(whole.column), share)]


def _share_of_filters(found: Plan, ref: str, filters: tuple[Filter, ...]) -> list[Figure]:
    whole = figure(found.slots, ref)
    measure = found.slots.scope.measure(ref)
    part = found.slots.add(ref, filters=filters)
    name, label = whole.column.name, whole.column.label
    column = OutputColumn(f"{name}_part", f"{label} of these", measure.format, "measure")
    of_all = OutputColumn(name, f"{label} of all", measure.format, "measure")
    return [
        Figure(
            _share_column(whole.column), lambda values: ratio(values[part], whole.build(values))
        ),
        Figure(column, lambda values: values[part].copy()),
        Figure(of_all, whole.build),
    ]


def _share_column(whole: OutputColumn) -> OutputColumn:
    return OutputColumn(f"{whole.name}_share", f"Share of {whole.label.lower()}", "percent",
                        "measure")  # fmt: skip


def _compare(scope: Scope, query: Query) -> Plan:
    if query.grain:
        raise CompileError("unsupported", "Two periods are compared as wholes, not over time.")
    if query.time is None:
        raise CompileError("no_time", "Two periods are needed to compare them.")
    current = query.time
    earlier = query.compare_to or _before(current, scope)
    found = _empty(scope, query)
    found.periods = (current, earlier)
    for ref in query.measures:
        found.figures += _compared(found.slots, ref, current, earlier)
    _add_having(found)
    return found


def _before(current: Period, scope: Scope) -> Period:
    try:
        return previous(current, scope.today)
    except ValueError as error:
        raise CompileError("no_time", "An open period has none before it.") from error


def _compared(slots: Slots, ref: str, current: Period, earlier: Period) -> list[Figure]:
    now, then = figure(slots, ref, current), figure(slots, ref, earlier)
    today = slots.scope.today
    name, label, unit = now.column.name, now.column.label, now.column.format

    def change(values: Values) -> exp.Expr:
        return difference(now.build(values), then.build(values))

    def relative(values: Values) -> exp.Expr:
        return ratio(change(values), then.build(values))

    def column(suffix: str, text: str, shown: str | None = None) -> OutputColumn:
        return OutputColumn(name + suffix, text, "percent" if shown else unit, "measure")

    return [
        Figure(column("", f"{label}, {name_of(current, today)}"), now.build),
        Figure(column("_before", f"{label}, {name_of(earlier, today)}"), then.build),
        Figure(column("_change", f"Change of {label.lower()}"), change),
        Figure(column("_change_share", f"Change of {label.lower()} in %", "percent"), relative),
    ]
