"""Columns of such queries: a plain mistake is told, and what is read is noted."""

from typing import TYPE_CHECKING

from sqlglot import exp

from atlas.sql.letters import lower
from atlas.sql.refusal import RefusalError, nearest, unknown_column
from atlas.sql.tables.scope import Level, Place
from atlas.sql.types import Table

if TYPE_CHECKING:
    from atlas.sql.tables.reading import Reading

# Giving each a name of its own takes the square of their number.
_MAX_ALIKE = 100


def note_columns(select: exp.Select, place: Place, reading: "Reading") -> None:
    """Fill the level of a place from the FROM and the result names of its SELECT."""
    level = place.level
    sources = _sources(select)
    for source in sources:
        _source(source, place, reading)
    if len(sources) - len(level.sources) > _MAX_ALIKE:
        raise RefusalError(
            "duplicate_alias",
            f"More than {_MAX_ALIKE} items in FROM share their names or have none; name them.",
            offending=sources[-1].sql()[:80],
        )
    for projection in select.expressions:
        if isinstance(projection, exp.Alias | exp.PropertyEQ):
            alias = projection.args.get("alias") or projection.this
            if isinstance(alias, exp.Identifier):
                level.names.add(reading.rules.fold(alias))
        elif not isinstance(projection, exp.Column | exp.Star | exp.Literal):
            level.open = level.open or projection.find(exp.Alias, exp.Aliases) is not None
    if any(select.args.get(slot) for slot in ("match", "connect", "pivots")):
        level.open = True


def _sources(select: exp.Select) -> list[exp.Expr]:
    out: list[exp.Expr] = []
    stack = [select.args["from_"].this] if select.args.get("from_") else []
    stack += [join.this for join in select.args.get("joins") or ()]
    while stack:
        source = stack.pop()
        out.append(source)
        stack += [join.this for join in source.args.get("joins") or ()]
        if isinstance(source, exp.Final):
            stack.append(source.this)
        if isinstance(source, exp.Subquery) and isinstance(source.this, exp.Table):
            stack.append(source.this)
    return out


def _source(source: exp.Expr, place: Place, reading: "Reading") -> None:
    level = place.level
    alias = source.args.get("alias")
    identifier = alias.this if isinstance(alias, exp.TableAlias) else None
    table = None
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        named = (source.args.get("catalog"), source.args.get("db"), source.this)
        parts: list[exp.Expr] = [part for part in named if isinstance(part, exp.Identifier)]
        # A WITH name hides the listed table that is called so; its columns are its own.
        is_cte = len(parts) == 1 and reading.rules.fold(source.this) in place.ctes
        table = None if is_cte else reading.find(parts)
        identifier = identifier or source.this
    if isinstance(identifier, exp.Identifier):
        level.sources[reading.rules.fold(identifier)] = table
    renamed = isinstance(alias, exp.TableAlias) and alias.args.get("columns")
    if table is None or table.columns is None or renamed or source.args.get("pivots"):
        level.open = True


def check_column(reading: "Reading", column: exp.Column, level: Level) -> None:
    """Note what is read; where every source is a listed table, refuse a name that none has."""
    if isinstance(column.this, exp.Star) or not isinstance(column.this, exp.Identifier):
        return
    name = reading.rules.fold(column.this)
    qualifier = column.args.get("table")
    if qualifier is not None:
        _check_qualified(reading, column, reading.rules.fold(qualifier), level)
        return
    tables = [t for one in level.levels() for t in one.sources.values() if t is not None]
    holders = [t for t in tables if t.columns is not None and _has(reading, t, name)]
    for table in holders:
        reading.columns_read.add(f"{table.name}.{column.this.this}")
    unclear = any(one.open or name in one.names or name in one.sources for one in level.levels())
    if holders or unclear:
        if len(tables) == 1 and not holders and tables[0].columns is None:
            reading.columns_read.add(f"{tables[0].name}.{column.this.this}")
        return
    _refuse(column, column.this.this, tables)


def _check_qualified(reading: "Reading", column: exp.Column, qualifier: str, level: Level) -> None:
    for one in level.levels():
        if qualifier in one.sources:
            table = one.sources[qualifier]
            if table is None:
                return
            name = reading.rules.fold(column.this)
            if column.args.get("db") is not None and table.columns is not None:
                column.set("db", None)
                column.set("catalog", None)
            if table.columns is not None and not _has(reading, table, name):
                _refuse(column, column.this.this, [table])
            reading.columns_read.add(f"{table.name}.{column.this.this}")
            return


def _has(reading: "Reading", table: Table, name: str) -> bool:
    columns = table.columns or ()
    if reading.rules.traits.case == "caseless":
        return name in set(map(lower, columns))
    return name in columns


def _refuse(column: exp.Column, name: str, tables: list[Table]) -> None:
    known = {c.lower(): c for t in tables for c in t.columns or ()}
    near = nearest(name.lower(), known)
    suggestion = known[near] if near else None
    raise unknown_column(name, (table.name for table in tables), suggestion, column)
