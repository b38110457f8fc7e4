"""Columns: each reference is found, checked against what may be read, and qualified."""

from sqlglot import exp

from atlas.sql.refusal import RefusalError, did_you_mean, nearest, offset_of, unknown_column
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.scopes import Relation, Scope

_QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)


def resolve_expression(context: Context, node: object, scope: Scope) -> None:
    """Resolve every column below the node; subqueries are resolved in a level of their own."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, exp.Column):
            resolve_column(context, item, scope)
        elif isinstance(item, _QUERIES):
            context.resolve_query(context, item, scope)
        elif isinstance(item, exp.Expr):
            stack.extend(v for v in item.args.values() if isinstance(v, exp.Expr | list))


def resolve_column(context: Context, column: exp.Column, scope: Scope) -> None:
    """Check one reference and put the name of its relation in front when that is known."""
    context.resolved.add(id(column))
    if column.args.get("table"):
        _resolve_qualified(context, column, scope)
    else:
        _resolve_bare(context, column, scope)


def find_relation(column: exp.Column, scope: Scope) -> Relation:
    """The relation a qualified reference names; refuses a name that is not in FROM."""
    name, schema = column.args["table"].this, column.args.get("db")
    for level in scope.levels():
        for relation in level.relations:
            if relation.name == name and (schema is None or relation.schema == schema.this):
                return relation
    visible = [r.name for level in scope.levels() for r in level.relations]
    suggestion = nearest(name, visible)
    full = f"{schema.this}.{name}" if schema else name
    raise RefusalError(
        "unknown_source",
        f"Nothing in FROM is called {full} here{did_you_mean(suggestion)}",
        offending=full,
        offset=offset_of(column.args["table"]),
        suggestion=suggestion,
    )


def refuse_whole_row(relation: Relation, node: exp.Expr) -> None:
    """Refuse a reference to all of a table of which only some columns may be read."""
    if relation.hides:
        raise RefusalError(
            "whole_row",
            f"A whole row of {relation.name} cannot be read at once; name the columns you need.",
            offending=relation.name,
            offset=offset_of(node),
        )


def _resolve_qualified(context: Context, column: exp.Column, scope: Scope) -> None:
    relation = find_relation(column, scope)
    if column.args.get("db") is not None and _nearest(relation.name, scope) is relation:
        # The bare name means the same, also where a subquery takes the table's place.
        column.set("db", None)
    if isinstance(column.this, exp.Star):
        refuse_whole_row(relation, column)
        if relation.table:
            context.note_column(relation.table, "*")
        return
    name = column.this.this
    if not relation.has(name):
        _check_unlisted(context, column, name, [relation])
        if not relation.shape.open:
            _refuse_unknown(name, [relation], column)
    if relation.table:
        context.note_column(relation.table, name)


def _nearest(name: str, scope: Scope) -> Relation | None:
    relations = (r for level in scope.levels() for r in level.relations)
    return next((relation for relation in relations if relation.name == name), None)


def _resolve_bare(context: Context, column: exp.Column, scope: Scope) -> None:
    hidden = any(r.hides for level in scope.levels() for r in level.relations)
    below: list[Relation] = []
    for level in scope.levels():
        if _found_in_level(context, column, level, hidden, below):
            return
        below.extend(level.relations)
    _resolve_whole_row(context, column, scope)


def _found_in_level(
    context: Context, column: exp.Column, level: Scope, hidden: bool, below: list[Relation]
) -> bool:
    """Whether this level has the column.

    `hidden` says that some level has columns nobody may read, which could take a bare name's
    place; `below` are the relations between the reference and this level.
    """
    name = column.this.this
    candidates = [r for r in level.relations if r.has(name)]
    if name in level.merged and len(candidates) != 1:
        if any(r.hides for r in below):
            _refuse_ambiguous(name, column)
        _note(context, candidates, name)
        return True
    if not candidates:
        candidates = [r for r in level.relations if r.shape.open]
        _check_unlisted(context, column, name, candidates)
        if not hidden and (_is_whole_row(context, name, candidates) or len(candidates) > 1):
            return True
    if len(candidates) > 1:
        _refuse_ambiguous(name, column)
    if candidates:
        if any(r.name == candidates[0].name for r in below):
            _refuse_ambiguous(name, column)
        _note(context, candidates, name)
        _qualify(context, column, candidates[0], hidden)
    return bool(candidates)


def _is_whole_row(context: Context, name: str, candidates: list[Relation]) -> bool:
    """Whether a bare name may be all of an open table that is called so: then all of it is read."""
    called = [r.table for r in candidates if r.name == name and r.table is not None]
    for table in called:
        context.note_column(table, "*")
    return bool(called)


def _note(context: Context, relations: list[Relation], column: str) -> None:
    for relation in relations:
        if relation.table:
            context.note_column(relation.table, column)


def _qualify(context: Context, column: exp.Column, relation: Relation, hidden: bool) -> None:
    """Put the relation's name in front, so that no unlisted column can take the name's place."""
    if relation.name:
        if hidden or relation.has(column.this.this):
            column.set("table", context.identifier(relation.name))
    elif hidden:
        _refuse_ambiguous(column.this.this, column)


def _resolve_whole_row(context: Context, column: exp.Column, scope: Scope) -> None:
    name = column.this.this
    relations = [r for level in scope.levels() for r in level.relations]
    for relation in relations:
        if relation.name == name:
            refuse_whole_row(relation, column)
            if any(r.hides for r in relations):
                _spell_out_row(context, column, relation)
            return
    _check_unlisted(context, column, name, relations)
    _refuse_unknown(name, relations, column)


def _spell_out_row(context: Context, column: exp.Column, relation: Relation) -> None:
    """Write a whole row so that it cannot be taken for an unlisted column of that name."""
    if relation.scalar:
        column.set("this", context.identifier(relation.shape.columns[0]))
    elif isinstance(column.parent, exp.Anonymous):
        column.set("this", exp.Star())
    else:
        _refuse_ambiguous(relation.name, column)
    column.set("table", context.identifier(relation.name))


def _check_unlisted(
    context: Context, column: exp.Column, name: str, relations: list[Relation]
) -> None:
    if name in context.rules.system_columns and any(r.physical or r.hides for r in relations):
        raise RefusalError(
            "system_column",
            f"The system column {name} cannot be read; use a column of the table.",
            offending=name,
            offset=offset_of(column),
        )


def _refuse_unknown(name: str, relations: list[Relation], column: exp.Column) -> None:
    known = {c for r in relations for c in r.shape.columns}
    sources = (relation.name for relation in relations if relation.name)
    raise unknown_column(name, sources, nearest(name, known), column)


def _refuse_ambiguous(name: str, column: exp.Column) -> None:
    raise RefusalError(
        "ambiguous_column",
        f"It is not clear which table the column {name} belongs to; write the table's name or"
        " alias in front of it.",
        offending=name,
        offset=offset_of(column),
    )
