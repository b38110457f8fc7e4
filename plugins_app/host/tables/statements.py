"""Decides whether a statement of a plugin touches its own tables and nothing else."""

from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from plugins_app.sdk import PluginError

MAX_LENGTH = 100_000
ROOTS = (exp.Select, exp.SetOperation, exp.Insert, exp.Update, exp.Delete)
REFUSED = (exp.Into, exp.Command, exp.Copy, exp.Create, exp.Drop, exp.Alter, exp.Set, exp.Lateral)
# Functions that sqlglot has no class for; each reads nothing but its arguments.
FUNCTIONS = frozenset({"gen_random_uuid", "now", "to_char", "jsonb_build_object", "row_number"})


def own_statement(text: str, own_tables: Collection[str]) -> str:
    """Return the statement rendered from its tree; raises `PluginError` for anything else."""
    if len(text) > MAX_LENGTH:
        raise PluginError(f"A statement may have at most {MAX_LENGTH} characters.")
    tree = _parsed(text)
    if not isinstance(tree, ROOTS):
        raise PluginError("Only SELECT, INSERT, UPDATE and DELETE are allowed.")
    for node in tree.walk():
        _check_node(node)
    _check_tables(tree, own_tables)
    return tree.sql(dialect="postgres")


def _parsed(text: str) -> exp.Expr:
    try:
        trees = [tree for tree in sqlglot.parse(text, read="postgres") if tree is not None]
    except (SqlglotError, RecursionError):
        # The parser's own text quotes the statement, which may hold values.
        raise PluginError("The statement could not be parsed as PostgreSQL.") from None
    if len(trees) != 1:
        raise PluginError("Exactly one statement is allowed.")
    return trees[0]


def _check_node(node: exp.Expr) -> None:
    if isinstance(node, REFUSED):
        raise PluginError(f"{type(node).__name__.upper()} is not allowed here.")
    if isinstance(node, exp.Anonymous) and node.name.lower() not in FUNCTIONS:
        raise PluginError(f"The function {node.name} is not allowed here.")


def _check_tables(tree: exp.Expr, own_tables: Collection[str]) -> None:
    named = _names_of_ctes(tree)
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise PluginError("A function cannot be used as a table here.")
        qualified = bool(table.args.get("db") or table.args.get("catalog"))
        name = table.this.name if table.this.quoted else table.this.name.lower()
        if not qualified and (id(table) in named or name in own_tables):
            continue
        raise PluginError(f"The table {table.name} does not belong to this plugin.")


def _names_of_ctes(tree: exp.Expr) -> set[int]:
    """Return the table nodes that are references to a CTE in their own scope."""
    found: set[int] = set()
    for scope in traverse_scope(tree):
        for table in scope.tables:
            if table.name in scope.cte_sources:
                found.add(id(table))
    return found
