"""Results of a SELECT: stars are spelled out and result columns get their names."""

from sqlglot import exp

from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.resolution.columns import find_relation
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.scopes import JoinGroup, OutputColumn, Relation, Scope, Shape


def expand_stars(
    context: Context, projections: list[exp.Expr], groups: list[JoinGroup], scope: Scope
) -> list[exp.Expr]:
    """The select list with every star over a table of listed columns replaced by its columns."""
    out: list[exp.Expr] = []
    for projection in projections:
        if isinstance(projection, exp.Star):
            columns = [c for group in groups for c in group.outputs]
            relations = [r for group in groups for r in group.relations]
            merged = any(group.merged for group in groups)
            out.extend(_expand(context, projection, columns, relations, merged))
        elif isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
            context.resolved.add(id(projection))
            relation = find_relation(projection, scope)
            columns = [OutputColumn(relation, c) for c in relation.shape.columns]
            if relation.shape.open:
                columns.append(OutputColumn(relation, None))
            out.extend(_expand(context, projection, columns, [relation], False))
        else:
            out.append(projection)
    return out


def _expand(
    context: Context,
    star: exp.Expr,
    columns: list[OutputColumn],
    relations: list[Relation],
    merged: bool,
) -> list[exp.Expr]:
    for column in columns:
        if column.relation and column.relation.table:
            context.note_column(column.relation.table, column.name or "*")
    if not any(r.hides for r in relations):
        return [star]
    if merged and any(c.name is None for c in columns):
        raise RefusalError(
            "unclear_star",
            "SELECT * over this join cannot be spelled out; name the columns you need.",
            offending="*",
            offset=offset_of(star),
        )
    return [_column(context, column) for column in columns]


def _column(context: Context, column: OutputColumn) -> exp.Expr:
    this = context.identifier(column.name) if column.name is not None else exp.Star()
    relation = column.relation
    if relation is None or not relation.name:
        return exp.Column(this=this) if column.name is not None else this
    return exp.Column(this=this, table=context.identifier(relation.name))


def output_shape(projections: list[exp.Expr], groups: list[JoinGroup], scope: Scope) -> Shape:
    """The columns a select list yields; open where a name is not certain."""
    names: list[str] = []
    is_open = False
    for projection in projections:
        if isinstance(projection, exp.Star):
            outputs = [c for group in groups for c in group.outputs]
            names.extend(c.name for c in outputs if c.name is not None)
            is_open = is_open or any(c.name is None for c in outputs)
        elif isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
            shape = find_relation(projection, scope).shape
            names.extend(shape.columns)
            is_open = is_open or shape.open
        else:
            name = result_name(projection)
            names.append(name or "?column?")
            is_open = is_open or name is None
    return Shape(tuple(names), is_open)


def known_names(projections: list[exp.Expr]) -> dict[str, int]:
    """Result names that are certain, with the index of the first result so called."""
    names: dict[str, int] = {}
    for index, projection in enumerate(projections):
        name = result_name(projection)
        if name is not None:
            names.setdefault(name, index)
    return names


def result_name(projection: exp.Expr) -> str | None:
    """The name the engine gives a result, None when that is not certain."""
    if isinstance(projection, exp.Alias):
        return str(projection.args["alias"].this)
    if isinstance(projection, exp.Column) and isinstance(projection.this, exp.Identifier):
        return str(projection.this.this)
    if isinstance(projection, exp.Anonymous):
        return str(projection.this).lower()
    if isinstance(projection, exp.Window | exp.Filter | exp.WithinGroup):
        return result_name(projection.this)
    return None
