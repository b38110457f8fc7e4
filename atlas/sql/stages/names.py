"""Names: every table and column is one that may be read, found by the engine's rules of scope."""

from typing import NamedTuple

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.queries import resolve_query
from atlas.sql.resolution.scopes import Scope
from atlas.sql.tables.reading import Reading, resolve_tables
from atlas.sql.types import Catalog


class Reads(NamedTuple):
    """What a query reads: tables as `schema.name`, columns as `table.column`, sorted."""

    tables: tuple[str, ...]
    columns: tuple[str, ...]


def resolve_names(
    tree: exp.Expr, nodes: list[exp.Expr], catalog: Catalog, rules: DialectRules
) -> Reads:
    """Qualify every name in the tree; refuse what the catalog does not list.

    `nodes` are the nodes of the tree before, so that a place nobody looked at is noticed.
    """
    if not rules.traits.exact_columns:
        reading = Reading(catalog, rules)
        resolve_tables(tree, reading)
        return Reads(tuple(sorted(reading.tables_read)), tuple(sorted(reading.columns_read)))
    context = Context(catalog, rules, resolve_query)
    resolve_query(context, tree, Scope())
    _check_complete(context, nodes)
    return Reads(tuple(sorted(context.tables_read)), tuple(sorted(context.columns_read)))


def _check_complete(context: Context, nodes: list[exp.Expr]) -> None:
    for node in nodes:
        if isinstance(node, exp.Table | exp.Column) and id(node) not in context.resolved:
            raise RefusalError(
                "not_reproducible",
                "The query names a table or column in a place that cannot be checked.",
                offending=node.sql()[:200],
                offset=offset_of(node),
            )
