"""What a query groups by: dimensions, entities told apart by key, and spans of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.conditions import time_reference
from atlas.semantic.query import Query
from atlas.semantic.scope import Scope, Tables


@dataclass(frozen=True)
class Group:
    """One thing to group by; `ref` is a dimension, an entity, or "time" with its grain."""

    ref: str
    column: OutputColumn
    hidden: tuple[str, ...] = ()


def groups(scope: Scope, query: Query) -> tuple[Group, ...]:
    """The groups of a query, time first; each has its own output name."""
    found: list[Group] = []
    if query.grain:
        label = query.grain.capitalize()
        found.append(Group("time", OutputColumn(query.grain, label, None, "time")))
    for ref in dict.fromkeys(query.group_by):
        group = _entity_group(scope, ref) if "." not in ref else _dimension_group(scope, ref)
        if group.column.name in {other.column.name for other in found}:
            name = ref.replace(".", "_")
            column = OutputColumn(name, group.column.label, group.column.format, "dimension")
            group = Group(ref, column, group.hidden)
        found.append(group)
    return tuple(found)


def _dimension_group(scope: Scope, ref: str) -> Group:
    dimension = scope.dimension(ref)
    label = dimension.label
    return Group(ref, OutputColumn(dimension.name, label, dimension.shown_as, "dimension"))


def _entity_group(scope: Scope, ref: str) -> Group:
    entity = scope.entity(ref)
    name = entity.label_column or entity.primary_key[0]
    hidden = tuple(f"key_{entity.name}_{key}" for key in entity.primary_key)
    return Group(ref, OutputColumn(name, singular(entity.label), None, "dimension"), hidden)


def singular(label: str) -> str:
    """One of what a plural label names: "Categories" -> "Category"."""
    if label.endswith("ies") and len(label) > 4:
        return label[:-3] + "y"
    if label.endswith(("sses", "shes", "ches", "xes")):
        return label[:-2]
    if label.endswith("s") and not label.endswith(("ss", "us", "is")):
        return label[:-1]
    return label


def group_entities(scope: Scope, found: Sequence[Group]) -> tuple[str, ...]:
    """The entities that groups other than time live in."""
    names = (scope.entity(group.ref).name for group in found if group.ref != "time")
    return tuple(dict.fromkeys(names))


def placed(tables: Tables, group: Group, query: Query) -> list[tuple[str, exp.Expr]]:
    """The output and the hidden keys of a group as (name, expression), joined into `tables`."""
    scope = tables.scope
    if group.ref == "time":
        return [(group.column.name, time_expression(tables, query))]
    entity = scope.entity(group.ref)
    tables.join(scope.path(tables.base, entity.name))
    if "." in group.ref:
        return [(group.column.name, tables.dimension(group.ref))]
    key = tables.primary_key(entity.name)
    shown = (
        tables.dimension(f"{entity.name}.{entity.label_column}")
        if entity.label_column
        else _spelled(key)
    )
    return [(group.column.name, shown), *zip(group.hidden, key, strict=True)]


def _spelled(key: Sequence[exp.Expr]) -> exp.Expr:
    """The whole key, so that two rows never look alike; a key of one column as it is."""
    if len(key) == 1:
        return key[0]
    text: exp.Expr = exp.cast(key[0].copy(), "text")
    for part in key[1:]:
        text = exp.DPipe(this=text, expression=exp.Literal.string(" "))
        text = exp.DPipe(this=text, expression=exp.cast(part.copy(), "text"))
    return text


def time_expression(tables: Tables, query: Query) -> exp.Expr:
    """The first day of the span that a row falls into, as a date."""
    scope, base = tables.scope, tables.base
    reference = time_reference(scope, base, query.time.dimension if query.time else None)
    tables.join(scope.path(base, scope.entity(reference).name))
    if query.grain is None:
        raise CompileError("no_time", "No span of time was named.")
    unit = exp.var(query.grain.upper())
    return exp.cast(exp.TimestampTrunc(this=tables.dimension(reference), unit=unit), "date")
