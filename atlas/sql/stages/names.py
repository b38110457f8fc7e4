"""Names: every table and column is one that may be read, found by the engine's rules of scope."""

from typing import NamedTuple

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError, offset_of
from atlas.sql.resolution.context import Context
from atlas.sql.resolution.queries import resolve_query
from atlas.sql.resolution.scopes import Scope
from atlas.sql.tables.hiding import read_listed_columns
from atlas.sql.tables.reading import Reading, resolve_tables
from atlas.sql.types import Catalog, Table


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
    reads, found = find_tables(tree, nodes, catalog, rules)
    if not rules.traits.exact_columns:
        hiding = [(node, table) for node, table in found if table.columns is not None]
        read_listed_columns(hiding, rules)
    return reads


def find_tables(
    tree: exp.Expr, nodes: list[exp.Expr], catalog: Catalog, rules: DialectRules
) -> tuple[Reads, list[tuple[exp.Expr, Table]]]:
    """Qualify names as `resolve_names` does, and return each node that names a listed table.

    Where columns are not qualified, hiding the unlisted ones is left to the caller.
    """
    state: Context | Reading
    if rules.traits.exact_columns:
        state = Context(catalog, rules, resolve_query)
        resolve_query(state, tree, Scope())
        _check_complete(state, nodes)
    else:
        state = Reading(catalog, rules)
        resolve_tables(tree, state)
    reads = Reads(tuple(sorted(state.tables_read)), tuple(sorted(state.columns_read)))
    return reads, state.found


def _check_complete(context: Context, nodes: list[exp.Expr]) -> None:
    for node in nodes:
        if isinstance(node, exp.Table | exp.Column) and id(node) not in context.resolved:
            raise RefusalError(
                "not_reproducible",
                "The query names a table or column in a place that cannot be checked.",
                offending=node.sql()[:200],
                offset=offset_of(node),
            )
