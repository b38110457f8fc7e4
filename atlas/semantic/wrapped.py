"""Queries over groups: average per, how many groups, and growth from span to span."""

from dataclasses import replace

from sqlglot import exp

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.conditions import clauses, conditions
from atlas.semantic.entities import Format
from atlas.semantic.figures import Figure
from atlas.semantic.grouping import singular
from atlas.semantic.identifiers import aliased, column, identifier
from atlas.semantic.query import Query
from atlas.semantic.scope import Scope, Tables
from atlas.semantic.select import Plan, grouped, having
from atlas.semantic.shapes import aggregate_plan

Wrapped = tuple[exp.Select, tuple[OutputColumn, ...]]


def subquery(select: exp.Select, name: str) -> exp.Subquery:
    """A SELECT as a named table."""
    return exp.Subquery(this=select, alias=exp.TableAlias(this=identifier(name)))


def layered(scope: Scope, plan: Plan) -> exp.Select:
    """A plan in two layers, for figures that use an aggregate several times."""
    slots = [slot for found in plan.slots.by_base().values() for slot in found]
    inner = replace(plan, figures=[_raw(slot.name) for slot in slots])
    select = exp.select(*(column("parts", group.column.name) for group in plan.groups))
    values = {slot.name: column("parts", slot.name) for slot in slots}
    named = [aliased(figure.build(values), figure.column.name) for figure in plan.figures]
    select = select.select(*named, copy=False)
    return select.from_(subquery(grouped(scope, inner, with_keys=True), "parts"), copy=False)


def _raw(name: str) -> Figure:
    shown = OutputColumn(name, name, None, "measure")
    return Figure(shown, lambda values: values[name].copy())


def average_per(scope: Scope, query: Query) -> Wrapped:
    """The average over groups: per `entity`, else per span of `grain`, within other groups."""
    if query.entity is None and query.grain is None:
        raise CompileError("unsupported", "An average per what? Name an entity or a span of time.")
    if len(query.measures) != 1:
        raise CompileError("unsupported", "One measure can be averaged over groups at a time.")
    outer = groups_kept(query)
    inner_groups = (*query.group_by, query.entity) if query.entity else query.group_by
    inner = query.model_copy(update={"kind": "aggregate", "group_by": inner_groups})
    plan = aggregate_plan(scope, inner)
    per = singular(scope.entity(query.entity).label) if query.entity else query.grain or ""
    figure = plan.figures[0].column
    label = f"Average {figure.label.lower()} per {per.lower()}"
    unit: Format | None = "number" if figure.format == "integer" else figure.format
    result = OutputColumn(f"average_{figure.name}", label, unit, "measure")
    kept = tuple(g.column for g in plan.groups if g.ref in outer)
    keys = [column("groups", name) for g in plan.groups if g.ref in outer
            for name in (g.column.name, *g.hidden)]  # fmt: skip
    select = exp.select(*(column("groups", c.name) for c in kept))
    average = exp.Avg(this=column("groups", figure.name))
    select = select.select(aliased(average, result.name), copy=False)
    select = select.from_(subquery(grouped(scope, plan, with_keys=True), "groups"), copy=False)
    if keys:
        select = select.group_by(*keys, copy=False)
    return select, (*kept, result)


def groups_kept(query: Query) -> set[str]:
    """The groups that stay in the result of an average per group."""
    kept = set(query.group_by)
    if query.entity and query.grain:
        kept.add("time")
    return kept


def count_having(scope: Scope, query: Query) -> Wrapped:
    """How many rows of an entity have measures in a range; rows with nothing count as zero."""
    entity = scope.entity(query.entity or "")
    if query.group_by or query.grain or not query.having:
        raise CompileError("unsupported", "Counting by a condition takes no further split.")
    tables = Tables(scope, entity.name)
    where: list[exp.Expr] = []
    select = exp.select(aliased(exp.Count(this=exp.Star()), "count"))
    joins: list[tuple[exp.Subquery, exp.Expr]] = []
    for index, item in enumerate(query.having, start=1):
        name = f"totals_{index}"
        inner = query.model_copy(update={
            "kind": "aggregate", "measures": (item.measure,), "group_by": (entity.name,),
            "having": (), "order": None,
        })  # fmt: skip
        plan = aggregate_plan(scope, inner)
        sub = subquery(grouped(scope, plan, with_keys=True), name)
        keys = zip(plan.groups[0].hidden, tables.primary_key(entity.name), strict=True)
        on = exp.and_(*(exp.EQ(this=column(name, key), expression=own) for key, own in keys))
        joins.append((sub, on))
        value = column(name, plan.figures[0].column.name)
        zero = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        where.append(having(zero, item))
    where += own_conditions(tables, query)
    select = tables.into(select)
    for sub, condition in joins:
        select = select.join(sub, on=condition, join_type="left", copy=False)
    label = f"Number of {entity.label.lower()}"
    return select.where(*where, copy=False), (OutputColumn("count", label, "integer", "measure"),)


def own_conditions(tables: Tables, query: Query) -> list[exp.Expr]:
    """The filters that say which rows of the entity itself count, not which facts are summed."""
    scope = tables.scope
    own = [
        item
        for item in query.filters
        if scope.graph.is_safe(tables.base, scope.entity(item.dimension).name)
    ]
    return conditions(tables, clauses(scope, tables.base, own, ()))
