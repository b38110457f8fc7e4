"""FROM: each item becomes relations; joins add, merge and check columns."""

from sqlglot import exp

from atlas.sql.refusal import RefusalError, did_you_mean, nearest, offset_of
from atlas.sql.resolution.columns import resolve_expression
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.scopes import JoinGroup, OutputColumn, Relation, Scope, Shape
from atlas.sql.tables.refusals import unlisted
from atlas.sql.types import Table


def resolve_from(context: Context, query: exp.Expr, scope: Scope) -> list[JoinGroup]:
    """Fill the scope from the query's FROM; the groups say what a star stands for."""
    source = query.args.get("from_")
    if source is None:
        return []
    groups: list[JoinGroup] = []
    current = _resolve_source(context, source.this, scope)
    for join in query.args.get("joins") or ():
        if _is_comma(join):
            groups.append(current)
            scope.add(current)
            current = _resolve_source(context, join.this, scope)
        else:
            current = _resolve_join(context, join, current, scope)
    groups.append(current)
    scope.add(current)
    _check_names(scope)
    return groups


def _is_comma(join: exp.Expr) -> bool:
    return not any(join.args.get(slot) for slot in ("on", "using", "kind", "side", "method"))


def _check_names(scope: Scope) -> None:
    seen: set[str] = set()
    for relation in scope.relations:
        if relation.name in seen:
            raise RefusalError(
                "duplicate_alias",
                f"The name {relation.name} is used for two items in FROM; give one an alias.",
                offending=relation.name,
            )
        if relation.name:
            seen.add(relation.name)


def _resolve_source(context: Context, source: exp.Expr, scope: Scope) -> JoinGroup:
    """One item of FROM with the joins that hang on it; the scope holds what is left of it."""
    context.resolved.add(id(source))
    if isinstance(source, exp.Table) and source.args.get("this") is None:
        group = _one(_function(context, source, source.args["rows_from"], scope))
    elif isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        group = _one(_named(context, source, scope))
    elif isinstance(source, exp.Table):
        group = _one(_function(context, source, [source.this], scope))
    elif isinstance(source, exp.Unnest):
        group = _one(_function(context, source, [source], scope))
    elif isinstance(source, exp.Lateral):
        group = _one(_lateral(context, source, scope))
    elif isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table | exp.Subquery):
        group = _parenthesised(context, source, scope)
    else:
        group = _one(_derived(context, source, source, _outer(scope)))
    for join in source.args.get("joins") or ():
        group = _resolve_join(context, join, group, scope)
    return group


def _outer(scope: Scope) -> Scope:
    """What a subquery in FROM may see: the enclosing levels, not its neighbours."""
    return Scope(scope.parent, scope.ctes)


def _one(relation: Relation) -> JoinGroup:
    outputs = [OutputColumn(relation, name) for name in relation.shape.columns]
    if relation.shape.open:
        outputs.append(OutputColumn(relation, None))
    return JoinGroup((relation,), tuple(outputs))


def _named(context: Context, source: exp.Table, scope: Scope) -> Relation:
    name, schema = source.this.this, source.args.get("db")
    alias = source.args.get("alias")
    resolve_expression(context, source.args.get("sample"), scope)
    if schema is None and name in scope.ctes:
        return Relation(_alias_name(alias) or name, _renamed(scope.ctes[name], alias))
    table = context.find_table(schema.this if schema else None, name)
    if table is None:
        raise _unknown_table(context, source, scope)
    if alias and alias.args.get("columns"):
        raise RefusalError(
            "column_aliases",
            f"Columns of {table.full_name} cannot be renamed by position; use AS in SELECT.",
            offending=_alias_name(alias),
            offset=offset_of(alias),
        )
    if table.schema:
        source.set("db", context.identifier(table.schema))
    context.tables_read.add(table.full_name)
    context.found.append((source, table))
    return Relation(
        name=_alias_name(alias) or name,
        shape=_table_shape(table),
        table=table,
        schema=None if alias else table.schema,
        hides=table.columns is not None,
    )


def _table_shape(table: Table) -> Shape:
    if table.columns is None:
        return Shape(open=True)
    columns = table.columns
    return Shape(columns if isinstance(columns, tuple) else tuple(sorted(columns)))


def _unknown_table(context: Context, source: exp.Table, scope: Scope) -> RefusalError:
    schema = source.args.get("db")
    full = f"{schema.this}.{source.this.this}" if schema else source.this.this
    return unlisted(full, context.catalog, source, scope.ctes)


def _alias_name(alias: exp.Expr | None) -> str:
    return alias.this.this if alias is not None and alias.this else ""


def _renamed(shape: Shape, alias: exp.Expr | None) -> Shape:
    """The shape after a list of column aliases, which renames from the left."""
    columns = alias.args.get("columns") if alias is not None else None
    if not columns:
        return shape
    names = tuple(c.this.this if isinstance(c, exp.ColumnDef) else c.this for c in columns)
    return Shape(names + shape.columns[len(names) :], shape.open)


def _derived(context: Context, source: exp.Expr, query: exp.Expr, scope: Scope) -> Relation:
    shape = context.resolve_query(context, query, scope)
    alias = source.args.get("alias")
    return Relation(_alias_name(alias), _renamed(shape, alias))


def _lateral(context: Context, source: exp.Lateral, scope: Scope) -> Relation:
    inner = source.this
    if isinstance(inner, exp.Subquery):
        return _derived(context, source, inner, scope)
    return _function(context, source, [inner], scope)


def _function(context: Context, source: exp.Expr, calls: list[exp.Expr], scope: Scope) -> Relation:
    """A call in FROM; its arguments see what is left of it."""
    for call in calls:
        context.resolved.add(id(call))
        resolve_expression(context, call.args.get("expressions"), scope)
        inner = call.this if isinstance(call, exp.Table) else None
        resolve_expression(context, inner, scope)
    alias = source.args.get("alias")
    name = _alias_name(alias)
    called = _called(calls[0])
    columns = tuple(column for call in calls for column in _columns_of(context, call))
    if len(columns) == 1 and columns[0] == called:
        columns = (name or called,)
    if number := _ordinality(source, calls[0]):
        columns = (*columns, number)
    # Never open: a name that is no column here would be called as a function of the value.
    shape = _renamed(Shape(columns), alias)
    return Relation(name or called, shape, scalar=len(shape.columns) == 1)


def _ordinality(source: exp.Expr, call: exp.Expr) -> str:
    """The name of the column that counts the rows; empty without one."""
    number = call.args.get("offset") if isinstance(call, exp.Unnest) else None
    if isinstance(number, exp.Identifier):
        return str(number.this)
    return "ordinality" if number or source.args.get("ordinality") else ""


def _columns_of(context: Context, call: exp.Expr) -> tuple[str, ...]:
    """The columns that a function yields: its own names, or one that is called as it is."""
    called = _called(call)
    if isinstance(call, exp.Unnest):
        return (called,) * max(1, len(call.expressions))
    return context.rules.function_columns.get(called) or (called,)


def _called(call: exp.Expr) -> str:
    if isinstance(call, exp.Unnest):
        return "unnest"
    inner = call.this if isinstance(call, exp.Table) else call
    return str(inner.this).lower()


def _parenthesised(context: Context, source: exp.Subquery, scope: Scope) -> JoinGroup:
    """A join in parentheses, or a derived table in more than one pair of them."""
    inner = source.this
    if isinstance(inner, exp.Subquery) and not _is_join_tree(inner):
        return _one(_derived(context, source, inner, _outer(scope)))
    group = _resolve_source(context, inner, scope)
    alias = source.args.get("alias")
    if alias is None:
        return group
    if alias.args.get("columns") and any(r.hides for r in group.relations):
        raise RefusalError(
            "column_aliases",
            "Columns of a joined table cannot be renamed by position; use AS in SELECT.",
            offending=_alias_name(alias),
            offset=offset_of(alias),
        )
    shape = Shape(
        tuple(c.name for c in group.outputs if c.name), any(c.name is None for c in group.outputs)
    )
    hides = any(r.hides for r in group.relations)
    _note_outputs(context, group)
    return _one(Relation(_alias_name(alias), _renamed(shape, alias), hides=hides))


def _note_outputs(context: Context, group: JoinGroup) -> None:
    for output in group.outputs:
        if output.relation and output.relation.table:
            context.note_column(output.relation.table, output.name or "*")


def _is_join_tree(subquery: exp.Expr) -> bool:
    inner = subquery
    while isinstance(inner, exp.Subquery):
        if inner.args.get("joins") or inner.args.get("alias"):
            return True
        inner = inner.this
    return isinstance(inner, exp.Table)


def _resolve_join(context: Context, join: exp.Join, left: JoinGroup, scope: Scope) -> JoinGroup:
    visible = Scope(scope.parent, scope.ctes, [*scope.relations, *left.relations], scope.merged)
    right = _resolve_source(context, join.this, visible)
    if join.args.get("method"):
        _natural_to_using(context, join, left, right)
    names = [identifier.this for identifier in join.args.get("using") or ()]
    for name in names:
        _check_using(context, join, name, left)
        _check_using(context, join, name, right)
    group = JoinGroup(
        (*left.relations, *right.relations),
        _merge_outputs(left, right, names),
        left.merged | right.merged | frozenset(names),
    )
    resolve_expression(context, join.args.get("on"), scope.only(group))
    return group


def _natural_to_using(context: Context, join: exp.Join, left: JoinGroup, right: JoinGroup) -> None:
    """Say which columns a NATURAL join matches, so that no unlisted one takes part."""
    relations = (*left.relations, *right.relations)
    if any(r.shape.open for r in relations):
        if any(r.hides for r in relations):
            raise RefusalError(
                "natural_join",
                "A NATURAL JOIN needs the columns of both sides to be known; write USING or ON.",
                offending="NATURAL",
                offset=offset_of(join),
            )
        return
    join.set("method", None)
    names = _common(left, right)
    if names:
        join.set("using", [context.identifier(name) for name in names])
    else:
        join.set("on", exp.Boolean(this=True))


def _common(left: JoinGroup, right: JoinGroup) -> list[str]:
    there = {c.name for c in right.outputs}
    return list(dict.fromkeys(c.name for c in left.outputs if c.name and c.name in there))


def _check_using(context: Context, join: exp.Join, name: str, group: JoinGroup) -> None:
    holders = [r for r in group.relations if r.has(name)]
    for relation in holders:
        if relation.table:
            context.note_column(relation.table, name)
    is_open = any(r.shape.open for r in group.relations)
    if holders or (is_open and not any(r.hides for r in group.relations)):
        return
    suggestion = nearest(name, {c.name for c in group.outputs if c.name})
    raise RefusalError(
        "unknown_column",
        f"The column {name} in USING is not on both sides of the join{did_you_mean(suggestion)}",
        offending=name,
        offset=offset_of(join),
        suggestion=suggestion,
    )


def _merge_outputs(left: JoinGroup, right: JoinGroup, names: list[str]) -> tuple[OutputColumn, ...]:
    merged = [OutputColumn(None, name) for name in names]
    rest = [c for c in (*left.outputs, *right.outputs) if c.name not in names]
    return (*merged, *rest)
