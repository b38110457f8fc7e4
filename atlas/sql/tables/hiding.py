"""Hiding columns: a table of which only some are listed is read through a SELECT of those."""

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.types import Table

# What belongs to the stored table itself; everything else stays with the name outside.
_INNER = ("this", "db", "catalog", "sample", "version", "when", "final", "hints")


def read_listed_columns(found: list[tuple[exp.Expr, Table]], rules: DialectRules) -> None:
    """Put a SELECT of the listed columns in the place of each table."""
    for node, table in found:
        inner = exp.Table(**{slot: node.args[slot] for slot in _INNER if node.args.get(slot)})
        columns = table.columns or ()
        listed = list(columns) if isinstance(columns, tuple) else sorted(columns)
        select = exp.Select(
            expressions=[
                exp.Column(this=exp.Identifier(this=column, quoted=rules.must_quote(column)))
                for column in listed
            ],
            from_=exp.From(this=_final(node, inner)),
        )
        outer = exp.Subquery(this=select)
        for slot in ("alias", "joins", "pivots", "laterals"):
            if node.args.get(slot):
                outer.set(slot, node.args[slot])
        if outer.args.get("alias") is None:
            outer.set("alias", exp.TableAlias(this=node.this.copy()))
        target = node.parent if isinstance(node.parent, exp.Final) else node
        target.replace(outer)


def _final(node: exp.Expr, inner: exp.Table) -> exp.Expr:
    return exp.Final(this=inner) if isinstance(node.parent, exp.Final) else inner
