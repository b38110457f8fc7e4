"""Growth: each span of time beside the one a step earlier, and the change between them."""

from sqlglot import exp

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.figures import difference, ratio
from atlas.semantic.identifiers import aliased, column
from atlas.semantic.periods import resolve, shifted
from atlas.semantic.query import Grain, Period, Query
from atlas.semantic.scope import Scope
from atlas.semantic.select import Plan, grouped
from atlas.semantic.shapes import aggregate_plan
from atlas.semantic.wrapped import Wrapped, subquery

_SPANS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def growth(scope: Scope, query: Query) -> Wrapped:
    """The measure by `grain`, its value a `step` earlier (None: one grain) and the change."""
    step = query.step or query.grain
    if query.grain is None or step is None or len(query.measures) != 1:
        raise CompileError("no_time", "Growth needs one measure and a span of time.")
    if _SPANS[step] < _SPANS[query.grain]:
        raise CompileError("unsupported", "The step of growth cannot be shorter than its spans.")
    plan = aggregate_plan(scope, query.model_copy(update={"kind": "aggregate"}))
    earlier = _earlier(scope, query, step)
    before = aggregate_plan(scope, earlier)
    shown = plan.figures[0].column
    now, then = column("current", shown.name), column("earlier", shown.name)
    outputs = [
        shown,
        OutputColumn(f"{shown.name}_before", f"{shown.label} one {step} before", shown.format,
                     "measure"),
        OutputColumn(f"{shown.name}_growth", f"Growth of {shown.label.lower()}", "percent",
                     "measure"),
    ]  # fmt: skip
    values = [now, then, ratio(difference(now, then), then)]
    groups = [group.column for group in plan.groups]
    select = exp.select(*(column("current", group.name) for group in groups))
    named = [aliased(v, c.name) for v, c in zip(values, outputs, strict=True)]
    select = select.select(*named, copy=False)
    select = select.from_(subquery(grouped(scope, plan, with_keys=True), "current"), copy=False)
    select = select.join(
        subquery(grouped(scope, before, with_keys=True), "earlier"),
        on=exp.and_(*_matches(plan, step)),
        join_type="left",
        copy=False,
    )
    return select, (*groups, *outputs)


def _matches(plan: Plan, step: Grain) -> list[exp.Expr]:
    time, *others = plan.groups
    span = exp.Interval(this=exp.Literal.string("1"), unit=exp.var(step.upper()))
    wanted = exp.cast(exp.Sub(this=column("current", time.column.name), expression=span), "date")
    found: list[exp.Expr] = [exp.EQ(this=column("earlier", time.column.name), expression=wanted)]
    for group in others:
        for name in group.hidden or (group.column.name,):
            pair = column("earlier", name), column("current", name)
            found.append(exp.NullSafeEQ(this=pair[0], expression=pair[1]))
    return found


def _earlier(scope: Scope, query: Query, step: Grain) -> Query:
    time = query.time
    if time is not None and (time.relative or time.ranges):
        ranges = tuple(shifted(span, step, -1) for span in resolve(time, scope.today))
        time = Period(ranges=ranges, dimension=time.dimension)
    return query.model_copy(update={"kind": "aggregate", "time": time, "having": ()})
