"""Grouped SELECTs: one per entity that is aggregated, joined on their groups when several."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from atlas.semantic.compiled import OutputColumn
from atlas.semantic.conditions import clauses, conditions, existence, number
from atlas.semantic.figures import Figure, Slot, Slots, Values, aggregate
from atlas.semantic.grouping import Group, placed
from atlas.semantic.identifiers import aliased, identifier
from atlas.semantic.query import Filter, Having, Period, Query
from atlas.semantic.scope import Scope, Tables

_HAVING: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


@dataclass
class Plan:
    """A grouped SELECT before it is SQL; `periods` are alternatives."""

    query: Query
    groups: tuple[Group, ...]
    slots: Slots
    figures: list[Figure]
    filters: tuple[Filter, ...]
    periods: tuple[Period, ...]
    having: list[tuple[Figure, Having]] = field(default_factory=list)

    @property
    def columns(self) -> tuple[OutputColumn, ...]:
        """The visible columns: groups, then figures."""
        return (*(g.column for g in self.groups), *(f.column for f in self.figures))


Named = tuple[str, exp.Expr]


def grouped(scope: Scope, plan: Plan, with_keys: bool = False) -> exp.Select:
    """The SELECT of a plan, without order and limit; `with_keys` also outputs hidden keys."""
    bases = plan.slots.by_base()
    if len(bases) == 1:
        ((base, slots),) = bases.items()
        return _single(scope, plan, base, slots, with_keys)
    return _united(scope, plan, bases, with_keys)


def _single(
    scope: Scope, plan: Plan, base: str, slots: Sequence[Slot], with_keys: bool
) -> exp.Select:
    tables = Tables(scope, base)
    keys = _placed_groups(tables, plan)
    values = {slot.name: aggregate(tables, slot) for slot in slots}
    where = _where(tables, plan)
    shown = [pair for pair in keys if with_keys or not _is_hidden(plan, pair[0])]
    select = exp.select(*(aliased(e.copy(), name) for name, e in shown))
    select = select.select(*_outputs(plan, values), copy=False)
    select = tables.into(select)
    if where:
        select = select.where(*where, copy=False)
    return _grouped_by(select, plan, [expression for _, expression in keys], values)


def _united(scope: Scope, plan: Plan, bases: dict[str, list[Slot]], with_keys: bool) -> exp.Select:
    """Each entity aggregated apart, then brought together on equal groups, unknown ones too."""
    names = [slot.name for slots in bases.values() for slot in slots]
    branches = [_branch(scope, plan, base, slots, names) for base, slots in bases.items()]
    union: exp.Expr = branches[0]
    for branch in branches[1:]:
        union = exp.Union(this=union, expression=branch, distinct=False)
    inner = exp.Subquery(this=union, alias=exp.TableAlias(this=identifier("parts")))
    keys = [name for group in plan.groups for name in (group.column.name, *group.hidden)]
    values: Values = {name: exp.Max(this=_bare(name)) for name in names}
    shown = [name for name in keys if with_keys or not _is_hidden(plan, name)]
    select = exp.select(*(aliased(_bare(name), name) for name in shown))
    select = select.select(*_outputs(plan, values), copy=False).from_(inner, copy=False)
    return _grouped_by(select, plan, [_bare(name) for name in keys], values)


def _branch(
    scope: Scope, plan: Plan, base: str, slots: Sequence[Slot], names: Sequence[str]
) -> exp.Select:
    tables = Tables(scope, base)
    keys = _placed_groups(tables, plan)
    own = {slot.name: aggregate(tables, slot) for slot in slots}
    where = _where(tables, plan)
    select = exp.select(*(aliased(e.copy(), name) for name, e in keys))
    for name in names:
        value = own.get(name) or exp.cast(exp.null(), "numeric")
        select = select.select(aliased(value, name), copy=False)
    select = tables.into(select)
    if where:
        select = select.where(*where, copy=False)
    if keys:
        select = select.group_by(*(e.copy() for _, e in keys), copy=False)
    return select


def _grouped_by(
    select: exp.Select, plan: Plan, keys: Sequence[exp.Expr], values: Values
) -> exp.Select:
    if keys:
        select = select.group_by(*(key.copy() for key in keys), copy=False)
    for item, condition in plan.having:
        select = select.having(having(item.build(values), condition), copy=False)
    return select


def _placed_groups(tables: Tables, plan: Plan) -> list[Named]:
    return [pair for group in plan.groups for pair in placed(tables, group, plan.query)]


def _is_hidden(plan: Plan, name: str) -> bool:
    return any(name in group.hidden for group in plan.groups)


def _outputs(plan: Plan, values: Values) -> list[exp.Expr]:
    return [aliased(figure.build(values), figure.column.name) for figure in plan.figures]


def _where(tables: Tables, plan: Plan) -> list[exp.Expr]:
    scope, query = tables.scope, plan.query
    found = conditions(tables, clauses(scope, tables.base, plan.filters, plan.periods))
    found += [existence(tables, item, negated=False) for item in query.exists]
    found += [existence(tables, item, negated=True) for item in query.not_exists]
    return found


def having(value: exp.Expr, condition: Having) -> exp.Expr:
    """A condition on an aggregated value."""
    numbers = [number(item) for item in condition.values]
    if condition.op == "between":
        return exp.Between(this=value.copy(), low=numbers[0], high=numbers[-1])
    return _HAVING[condition.op](this=value.copy(), expression=numbers[0])


def _bare(name: str) -> exp.Column:
    return exp.Column(this=identifier(name))
