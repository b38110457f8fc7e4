"""Hiding columns: a table of which only some are listed is read through a SELECT of those."""

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.types import Table

# What belongs to the stored table itself; everything else stays with the name outside.
_INNER = ("this", "db", "catalog", "sample", "version", "when", "final", "hints")


def read_listed_columns(found: list[tuple[exp.Expr, Table]], rules: DialectRules) -> None:
    """Put a SELECT of the listed columns in the place of each table that is not read so already."""
    for node, table in found:
        columns = table.columns or ()
        listed = list(columns) if isinstance(columns, tuple) else sorted(columns)
        if _is_hidden(node, listed):
            continue
        inner = exp.Table(**{slot: node.args[slot] for slot in _INNER if node.args.get(slot)})
        select = exp.Select(
            expressions=[
                exp.Column(this=exp.Identifier(this=column, quoted=rules.must_quote(column)))
                for column in listed
            ],
            from_=exp.From(this=_final(node, inner)),
        )
        outer = exp.Subquery(this=select)
        for slot in ("alias", "joins", "pivots"):
            if node.args.get(slot):
                outer.set(slot, node.args[slot])
        if outer.args.get("alias") is None:
            outer.set("alias", exp.TableAlias(this=node.this.copy()))
        target = node.parent if isinstance(node.parent, exp.Final) else node
        filter_behind(target)
        target.replace(outer)


def filter_behind(source: exp.Expr) -> None:
    """Make PREWHERE part of WHERE before `source` becomes a SELECT, which has no PREWHERE.

    With FINAL the two differ: PREWHERE sees rows that newer ones replace.
    """
    select = source.parent_select
    early = select.args.get("prewhere") if select is not None else None
    if select is None or early is None:
        return
    if isinstance(source, exp.Final):
        raise RefusalError(
            "not_allowed",
            "PREWHERE cannot stand with FINAL here; write WHERE.",
            offending="PREWHERE",
            offset=offset_of(early),
        )
    select.set("prewhere", None)
    tests = [early.this, *([select.args["where"].this] if select.args.get("where") else [])]
    kept = [exp.Paren(this=test) if isinstance(test, exp.Or | exp.Xor) else test for test in tests]
    joined = exp.And(this=kept[0], expression=kept[1]) if len(kept) > 1 else kept[0]
    select.set("where", exp.Where(this=joined))


def _is_hidden(node: exp.Expr, listed: list[str]) -> bool:
    """Whether nothing but `SELECT listed FROM table` reads the table, as in a text of our own."""
    select = node.parent_select
    if select is None or not isinstance(select.parent, exp.Subquery):
        return False
    clauses = {slot for slot, value in select.args.items() if value}
    source = node.parent if isinstance(node.parent, exp.Final) else node
    bare = all(slot in _INNER for slot, value in node.args.items() if value)
    alone = clauses == {"expressions", "from_"} and source is select.args["from_"].this
    return alone and bare and [_bare_name(column) for column in select.expressions] == listed


def _bare_name(column: exp.Expr) -> str | None:
    bare = isinstance(column, exp.Column) and column.args.get("table") is None
    return column.name if bare else None


def _final(node: exp.Expr, inner: exp.Table) -> exp.Expr:
    return exp.Final(this=inner) if isinstance(node.parent, exp.Final) else inner
