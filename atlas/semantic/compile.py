"""One typed query to one PostgreSQL SELECT, built as a tree and rendered once."""

import datetime as dt
from collections.abc import Sequence

from sqlglot import exp

from atlas.semantic.charts import chart
from atlas.semantic.compiled import (
    ChartSpec,
    Compiled,
    CompileError,
    Definition,
    OutputColumn,
    Role,
)
from atlas.semantic.grouping import groups
from atlas.semantic.growth import growth
from atlas.semantic.identifiers import identifier
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.listing import default_order, list_columns, listing
from atlas.semantic.query import Assumption, Order, Query
from atlas.semantic.reading import context, definitions, reading
from atlas.semantic.scope import Scope
from atlas.semantic.select import grouped
from atlas.semantic.shapes import plan
from atlas.semantic.wrapped import Wrapped, average_per, count_having, layered

__all__ = [
    "ChartSpec",
    "CompileError",
    "Compiled",
    "Definition",
    "OutputColumn",
    "Role",
    "compile_query",
]

# One more than the usual cap on rows, so that whoever runs the query sees that it was cut.
DEFAULT_LIMIT = 1001


def compile_query(layer: SemanticLayer, query: Query, *, today: dt.date) -> Compiled:
    """The SELECT of a query on the day `today`, with all that explains it.

    Joins run only over declared edges, from the measure's table outward, and never multiply its
    rows. Raises CompileError when there is no such SELECT.
    """
    scope = Scope(layer, today)
    assumptions = list(query.assumptions)
    select, columns = _select(scope, query, assumptions)
    _ordered(scope, query, select, columns)
    if columns and not all(c.role == "measure" for c in columns):
        select = select.limit(query.limit or DEFAULT_LIMIT, copy=False)
    return Compiled(
        sql=select.sql(dialect="postgres"),
        columns=columns,
        reading=reading(scope, query),
        definitions=definitions(scope, query),
        assumptions=tuple(assumptions),
        chart=chart(query, columns),
        context=context(scope, query),
        counted=scope.entity(query.entity).label if query.entity else None,
        currency=layer.source.currency,
    )


def _select(scope: Scope, query: Query, assumptions: list[Assumption]) -> Wrapped:
    if query.kind == "list":
        return listing(scope, query)
    if query.kind == "growth":
        return growth(scope, query)
    if query.kind == "average_per":
        return average_per(scope, query)
    if query.kind == "count_having":
        return count_having(scope, query)
    if query.kind == "saved":
        raise CompileError("unsupported", "Saved queries are not known yet.")
    found = plan(scope, query)
    for asked, used in found.slots.swapped.items():
        text = f"{scope.measure(used).label} is used for {scope.measure(asked).label.lower()}, "
        assumptions.append(Assumption(key=f"family:{asked}", text=text + "to split it exactly"))
    select = layered(scope, found) if query.kind != "aggregate" else grouped(scope, found)
    return select, found.columns


def _ordered(
    scope: Scope, query: Query, select: exp.Select, columns: Sequence[OutputColumn]
) -> None:
    keys = [c for c in columns if c.role != "measure"]
    if not keys:
        return
    ordered: list[exp.Expr] = []
    taken: set[str] = set()
    for name, descending in _order_names(scope, query, columns):
        if name not in taken:
            taken.add(name)
            by = exp.Column(this=identifier(name))
            ordered.append(exp.Ordered(this=by, desc=descending, nulls_first=False))
    select.order_by(*ordered, copy=False)


def _order_names(
    scope: Scope, query: Query, columns: Sequence[OutputColumn]
) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    keys = [c.name for c in columns if c.role != "measure"]
    order = query.order or _default_order(scope, query, columns)
    if order is not None:
        name = _output_name(scope, query, columns, order.by)
        found.append((name, order.direction == "desc"))
    return [*found, *((name, False) for name in keys[:3])]


def _default_order(scope: Scope, query: Query, columns: Sequence[OutputColumn]) -> Order | None:
    if query.kind == "list":
        refs = list_columns(scope, scope.entity(query.entity or ""), query)
        return default_order(scope, query, refs)
    if any(c.role == "time" for c in columns):
        return Order(by="time", direction="asc")
    return Order(by=query.measures[0], direction="desc") if query.group_by else None


def _output_name(scope: Scope, query: Query, columns: Sequence[OutputColumn], by: str) -> str:
    """The output column to order by; CompileError when the result does not hold it."""
    if by == "time":
        times = [c.name for c in columns if c.role == "time"]
        by = times[0] if times else by
    elif query.kind == "list":
        refs = list_columns(scope, scope.entity(query.entity or ""), query)
        by = dict(zip(refs, (c.name for c in columns), strict=True)).get(by, by)
    elif by in query.measures:
        measures = [c.name for c in columns if c.role == "measure"]
        by = measures[query.measures.index(by)] if query.kind == "aggregate" else measures[0]
    else:
        by = next((g.column.name for g in groups(scope, query) if g.ref == by), by)
    if by not in {c.name for c in columns}:
        raise CompileError("unsupported", "The result can only be ordered by what it shows.")
    return by
