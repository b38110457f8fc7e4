"""Queries: WITH, set operations and SELECT, each resolved in its own scope."""

from sqlglot import exp

from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.resolution.columns import resolve_expression
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.outputs import expand_stars, known_names, output_shape
from atlas.sql.resolution.scopes import Relation, Scope, Shape
from atlas.sql.resolution.sources import resolve_from
from atlas.sql.tables.refusals import is_system, system

_EXPRESSION_SLOTS = ("where", "having", "windows", "limit", "offset")


def resolve_query(context: Context, query: exp.Expr, outer: Scope) -> Shape:
    """Resolve a query that may see `outer`; returns the columns it yields."""
    scope = Scope(outer.parent, outer.ctes) if outer.relations == [] else outer.child()
    _resolve_with(context, query, scope)
    if isinstance(query, exp.Select):
        return _resolve_select(context, query, scope)
    if isinstance(query, exp.SetOperation):
        shape = _resolve_set_operation(context, query, scope)
    elif isinstance(query, exp.Values):
        shape = _resolve_values(context, query, scope)
    elif isinstance(query, exp.Subquery):
        shape = resolve_query(context, query.this, scope)
    else:
        raise RefusalError(
            "syntax",
            "A query is expected here; write a SELECT.",
            offending=query.sql()[:200],
            offset=offset_of(query),
        )
    _resolve_tail(context, query, shape, scope)
    return shape


def _resolve_with(context: Context, query: exp.Expr, scope: Scope) -> None:
    clause = query.args.get("with_")
    if clause is None:
        return
    scope.ctes = dict(scope.ctes)
    if clause.args.get("recursive"):
        for cte in clause.expressions:
            scope.ctes[cte.args["alias"].this.this] = Shape(open=True)
    extends = bool(clause.args.get("search") or clause.args.get("cycle"))
    for cte in clause.expressions:
        name = cte.args["alias"].this.this
        if is_system(name, context.rules):
            raise system(name, cte.args["alias"].this)
        shape = _resolve_cte(context, cte, scope, bool(clause.args.get("recursive")))
        scope.ctes = {**scope.ctes, name: Shape(shape.columns, shape.open or extends)}


def _resolve_cte(context: Context, cte: exp.CTE, scope: Scope, recursive: bool) -> Shape:
    alias = cte.args["alias"]
    names = tuple(column.this for column in alias.args.get("columns") or ())
    if recursive and isinstance(cte.this, exp.SetOperation) and not cte.this.args.get("with_"):
        shape = _resolve_recursive(context, cte.this, scope, alias.this.this, names)
    else:
        shape = resolve_query(context, cte.this, _sibling(scope))
    return Shape(names + shape.columns[len(names) :], shape.open)


def _sibling(scope: Scope) -> Scope:
    return Scope(scope.parent, scope.ctes)


def _resolve_recursive(
    context: Context, query: exp.Expr, scope: Scope, name: str, names: tuple[str, ...]
) -> Shape:
    """The first branch tells the columns that the recursive one sees."""
    shape = resolve_query(context, query.this, _sibling(scope))
    seen = Shape(names + shape.columns[len(names) :], shape.open)
    inner = Scope(scope.parent, {**scope.ctes, name: seen})
    resolve_query(context, query.expression, inner)
    _resolve_tail(context, query, shape, inner)
    return shape


def _resolve_set_operation(context: Context, query: exp.Expr, scope: Scope) -> Shape:
    """The first branch names the columns; a long chain is walked, not recursed into."""
    branches: list[exp.Expr] = []
    node = query
    while isinstance(node, exp.SetOperation) and (node is query or not _has_tail(node)):
        branches.append(node.expression)
        node = node.this
    shape = resolve_query(context, node, scope)
    for branch in reversed(branches):
        resolve_query(context, branch, scope)
    return shape


def _has_tail(query: exp.Expr) -> bool:
    return any(query.args.get(slot) for slot in ("with_", "order", "limit", "offset"))


def _resolve_values(context: Context, query: exp.Expr, scope: Scope) -> Shape:
    width = 0
    for row in query.expressions:
        resolve_expression(context, row, scope)
        width = len(row.expressions) if isinstance(row, exp.Tuple) else 1
    return Shape(tuple(f"column{number}" for number in range(1, width + 1)))


def _resolve_tail(context: Context, query: exp.Expr, shape: Shape, scope: Scope) -> None:
    """ORDER BY, LIMIT and OFFSET of a query whose only columns are its results."""
    inner = Scope(scope.parent, scope.ctes, [Relation("", shape)])
    for ordered in _list(query, "order"):
        target = ordered.this
        if not isinstance(target, exp.Column) or target.args.get("table"):
            resolve_expression(context, target, inner)
        elif target.this.this in shape.columns or shape.open:
            context.resolved.add(id(target))
        else:
            resolve_expression(context, target, Scope(relations=inner.relations))
    for slot in ("limit", "offset"):
        resolve_expression(context, query.args.get(slot), scope)


def _list(query: exp.Expr, slot: str) -> list[exp.Expr]:
    clause = query.args.get(slot)
    return list(clause.expressions) if clause is not None else []


def _resolve_select(context: Context, query: exp.Select, scope: Scope) -> Shape:
    groups = resolve_from(context, query, scope)
    query.set("expressions", expand_stars(context, query.expressions, groups, scope))
    for projection in query.expressions:
        if not (isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star)):
            resolve_expression(context, projection, scope)
    names = known_names(query.expressions)
    for slot in _EXPRESSION_SLOTS:
        resolve_expression(context, query.args.get(slot), scope)
    distinct = query.args.get("distinct")
    if distinct is not None and distinct.args.get("on") is not None:
        on = distinct.args["on"]
        _resolve_keys(context, on.expressions or [on], names, scope)
    _resolve_keys(context, [o.this for o in _list(query, "order")], names, scope)
    _resolve_group(context, query, scope)
    return output_shape(query.expressions, groups, scope)


def _is_star(projection: exp.Expr) -> bool:
    return projection.is_star and isinstance(projection, exp.Star | exp.Column | exp.Dot)


def _resolve_keys(
    context: Context, keys: list[exp.Expr], names: dict[str, int], scope: Scope
) -> None:
    """ORDER BY and DISTINCT ON look among the results first, for bare names only."""
    for key in keys:
        bare = isinstance(key, exp.Column) and not key.args.get("table")
        if bare and key.this.this in names:
            context.resolved.add(id(key))
        else:
            resolve_expression(context, key, scope)


def _resolve_group(context: Context, query: exp.Select, scope: Scope) -> None:
    """GROUP BY looks among the columns of FROM first, then among the results."""
    clause = query.args.get("group")
    if clause is None:
        return
    names = known_names(query.expressions)
    keys = [key for slot in ("expressions", "grouping_sets", "cube", "rollup") for key in
            clause.args.get(slot) or ()]  # fmt: skip
    for key in _flat(keys):
        bare = isinstance(key, exp.Column) and not key.args.get("table")
        if bare and key.this.this in names and not _in_level(key.this.this, scope):
            context.resolved.add(id(key))
            _use_result(query, key, names[key.this.this], scope)
        else:
            resolve_expression(context, key, scope)


def _flat(keys: list[exp.Expr]) -> list[exp.Expr]:
    """The keys themselves, out of ROLLUP, CUBE, GROUPING SETS and parentheses."""
    out: list[exp.Expr] = []
    for key in keys:
        if isinstance(key, exp.Tuple | exp.Rollup | exp.Cube | exp.GroupingSets):
            out.extend(_flat(key.expressions))
        elif isinstance(key, exp.Paren):
            out.extend(_flat([key.this]))
        else:
            out.append(key)
    return out


def _in_level(name: str, scope: Scope) -> bool:
    return any(r.has(name) for r in scope.relations)


def _use_result(query: exp.Select, key: exp.Expr, position: int, scope: Scope) -> None:
    """Group by a result's number, so that no unlisted column can take the name's place."""
    if not any(r.hides for r in scope.relations):
        return
    before = query.expressions[:position]
    if any(r.shape.open for r in scope.relations) or any(_is_star(p) for p in before):
        raise RefusalError(
            "ambiguous_column",
            f"GROUP BY {key.this.this} could mean a result or a column; group by the expression"
            " itself.",
            offending=key.this.this,
            offset=offset_of(key),
        )
    key.replace(exp.Literal.number(position + 1))
