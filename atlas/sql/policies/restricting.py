"""Restricting: a checked query, written again so that it reads only the rows a person may see."""

import hashlib
from dataclasses import replace

from sqlglot import exp

from atlas.sql.dialects import rules_for
from atlas.sql.dialects.rules import DialectRules
from atlas.sql.faults import PARSER_FAULTS
from atlas.sql.pipeline import read_statement
from atlas.sql.policies.rows import Filters
from atlas.sql.policies.wrapping import Found, wrap_tables
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.names import find_tables
from atlas.sql.stages.rendering import reads_back, render
from atlas.sql.types import Catalog, Rejection, ValidatedQuery

STAGE = "row_policies"


def restrict(
    query: ValidatedQuery, filters: Filters, *, catalog: Catalog
) -> ValidatedQuery | Rejection:
    """The query with every protected table behind its filter; never raises.

    Tables and columns stay those that the person's query names. Call it last: what it returns is
    not for the guard or for hooks again.
    """
    if not filters.by_table:
        return query
    try:
        sql = _restricted(query, filters, catalog)
    except RefusalError as refused:
        return rejection(refused)
    except (RecursionError, *PARSER_FAULTS) as fault:
        message = "The query could not be limited to the rows you may see, so it was not run."
        return Rejection("guard_fault", STAGE, message, type(fault).__name__)
    fingerprint = hashlib.sha256(sql.encode()).hexdigest()
    return replace(query, sql=sql, fingerprint=fingerprint)


def rejection(refused: RefusalError) -> Rejection:
    """What a person is told when policies refuse."""
    return Rejection(refused.code, STAGE, refused.message, refused.offending)


def _restricted(query: ValidatedQuery, filters: Filters, catalog: Catalog) -> str:
    rules = rules_for(query.dialect)
    tree, found = tables_of(query.sql, rules, catalog)
    if {table.full_name for _, table in found} != set(query.tables):
        raise _unclear()
    wrap_tables(tree, found, filters, rules)
    text = render(tree, rules)
    if not reads_back(text, tree, rules):
        raise _unclear()
    return text


def tables_of(sql: str, rules: DialectRules, catalog: Catalog) -> tuple[exp.Expr, Found]:
    """The tree of a text that passed the guard, and its nodes that name listed tables."""
    tree = read_statement(sql, rules)
    _, found = find_tables(tree, list(tree.walk()), catalog, rules)
    return tree, found


def _unclear() -> RefusalError:
    return RefusalError(
        "not_reproducible",
        "The query cannot be limited to the rows you may see; write it in a simpler way.",
    )
