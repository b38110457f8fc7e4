"""Lists: rows of one entity with the columns that name and explain them."""

from collections.abc import Sequence

from sqlglot import exp

from atlas.semantic.compiled import CompileError, OutputColumn
from atlas.semantic.conditions import clauses, conditions, existence
from atlas.semantic.entities import Entity
from atlas.semantic.grouping import singular
from atlas.semantic.identifiers import aliased
from atlas.semantic.query import Order, Query
from atlas.semantic.scope import Scope, Tables
from atlas.semantic.wrapped import Wrapped

_MOST_COLUMNS = 12


def listing(scope: Scope, query: Query) -> Wrapped:
    """The rows of `query.entity`, before order and limit."""
    entity = scope.entity(query.entity or "")
    if query.having or query.group_by or query.grain:
        raise CompileError("unsupported", "A list of rows holds no groups and no group figures.")
    refs = list_columns(scope, entity, query)
    tables = Tables(scope, entity.name)
    columns = _named(scope, entity, refs)
    outputs: list[exp.Expr] = []
    for ref, shown in zip(refs, columns, strict=True):
        owner = scope.entity(ref).name
        path = scope.path(entity.name, owner)
        if any(step.many for step in path):
            raise CompileError(
                "fan_out", f"A list of {entity.label.lower()} cannot show {shown.label.lower()}."
            )
        tables.join(path)
        outputs.append(aliased(_output(tables, scope, ref), shown.name))
    periods = [query.time] if query.time else []
    where = conditions(tables, clauses(scope, entity.name, query.filters, periods))
    where += [existence(tables, item, negated=False) for item in query.exists]
    where += [existence(tables, item, negated=True) for item in query.not_exists]
    select = tables.into(exp.select(*outputs))
    if where:
        select = select.where(*where, copy=False)
    return select, columns


def _output(tables: Tables, scope: Scope, ref: str) -> exp.Expr:
    if scope.layer.dimension(ref) is not None:
        return tables.dimension(ref)
    owner, _, key = ref.partition(".")
    return tables.column(owner, key)


def list_columns(scope: Scope, entity: Entity, query: Query) -> tuple[str, ...]:
    """The columns of a list: those asked for or declared, and those it filters and orders by."""
    if query.columns:
        for ref in query.columns:
            scope.dimension(ref)
        refs = list(query.columns)
    else:
        refs = list(entity.list_columns) or _all(entity)
        label = entity.label_column and f"{entity.name}.{entity.label_column}"
        if label and label not in refs:
            refs.insert(0, label)
        refs += [item.dimension for item in query.filters if _tells(scope, entity, item.dimension)]
    if query.order and query.order.by != "time" and query.order.by not in refs:
        scope.dimension(query.order.by)
        refs.append(query.order.by)
    return tuple(dict.fromkeys(refs)) or tuple(f"{entity.name}.{key}" for key in entity.primary_key)


def _all(entity: Entity) -> list[str]:
    visible = [f"{entity.name}.{d.name}" for d in entity.dimensions if not d.hidden]
    return visible[:_MOST_COLUMNS]


def _tells(scope: Scope, entity: Entity, ref: str) -> bool:
    plain = scope.dimension(ref).type != "boolean"
    return plain and scope.graph.is_safe(entity.name, scope.entity(ref).name)


def _named(scope: Scope, entity: Entity, refs: Sequence[str]) -> tuple[OutputColumn, ...]:
    found: list[OutputColumn] = []
    for ref in refs:
        owner, _, name = ref.partition(".")
        dimension = scope.layer.dimension(ref)
        label = dimension.label if dimension else name
        if name in {column.name for column in found}:
            name = f"{owner}_{name}"
        if owner != entity.name and scope.entity(owner).label_column == ref.partition(".")[2]:
            label = singular(scope.entity(owner).label)
        found.append(OutputColumn(name, label, dimension.shown_as if dimension else None,
                                  "dimension"))  # fmt: skip
    return tuple(found)


def default_order(scope: Scope, query: Query, refs: Sequence[str]) -> Order | None:
    """The newest first when a shown date says so, else by the first column."""
    entity = scope.entity(query.entity or "")
    if entity.default_time in refs:
        return Order(by=entity.default_time or "", direction="desc")
    return Order(by=refs[0], direction="asc") if refs else None
