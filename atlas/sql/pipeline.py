"""validate(): the stages in order; the first refusal wins."""

import hashlib

from sqlglot import exp
from sqlglot.tokenizer_core import Token

from atlas.sql.dialects import rules_for
from atlas.sql.dialects.rules import DialectRules
from atlas.sql.faults import PARSER_FAULTS
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.affinities import plain_types
from atlas.sql.stages.clickhouse_tokens import name_unions, nest_limits, seed_samples
from atlas.sql.stages.comments import check_comments
from atlas.sql.stages.duckdb_tokens import nest_pivots
from atlas.sql.stages.functions import check_functions
from atlas.sql.stages.literals import check_backslashes, plain_literals
from atlas.sql.stages.names import Reads, resolve_names
from atlas.sql.stages.nodes import check_nodes
from atlas.sql.stages.patterns import check_patterns
from atlas.sql.stages.rendering import reads_back, render
from atlas.sql.stages.row_cap import cap_rows
from atlas.sql.stages.statement import parse_query
from atlas.sql.stages.text import check_characters, check_size
from atlas.sql.stages.tokens import check_nesting, literal_spans, plain_tokens, read_tokens
from atlas.sql.types import Catalog, Options, Position, Rejection, ValidatedQuery

DEFAULT_OPTIONS = Options()


def validate(
    sql: str, *, dialect: str, catalog: Catalog, options: Options = DEFAULT_OPTIONS
) -> ValidatedQuery | Rejection:
    """Check one query against the catalog; never raises for any text.

    Only the `sql` of the answer may be sent to the engine, never the text that was given.
    """
    stage = _Stage()
    try:
        return _run(sql, rules_for(dialect), catalog, options, stage)
    except RefusalError as refused:
        return Rejection(
            code=refused.code,
            stage=stage.name,
            message=refused.message,
            offending=refused.offending,
            position=_position(sql, refused.offset),
            suggestion=refused.suggestion,
        )
    except RecursionError:
        return Rejection(
            code="too_deep",
            stage=stage.name,
            message="The query is nested too deeply; use WITH to flatten it.",
        )
    except PARSER_FAULTS as fault:
        # A mistake inside the guard must not become a way around the guard or a crash of a run.
        return Rejection(
            code="guard_fault",
            stage=stage.name,
            message="The query could not be checked, so it was not run; write it another way.",
            offending=type(fault).__name__,
        )


class _Stage:
    """The name of the stage that is running, for the rejection."""

    name = "dialect"


def _run(
    sql: str, rules: DialectRules, catalog: Catalog, options: Options, stage: _Stage
) -> ValidatedQuery:
    stage.name = "patterns"
    check_patterns(sql, options.forbidden_patterns)
    tree, reads = _check(sql, rules, catalog, options, stage)
    stage.name = "row_cap"
    tree = cap_rows(tree, options.max_rows, rules)
    stage.name = "rendering"
    text = render(tree, rules)
    if not reads_back(text, tree, rules):
        text = _settle(text, reads, rules, catalog, options)
    stage.name = "patterns"
    check_patterns(text, options.forbidden_patterns)
    return ValidatedQuery(
        sql=text,
        dialect=rules.name,
        tables=reads.tables,
        columns=reads.columns,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def read_statement(sql: str, rules: DialectRules, stage: _Stage | None = None) -> exp.Expr:
    """The tree of one statement, its text checked before it is parsed; raises RefusalError."""
    stage = stage or _Stage()
    stage.name = "text"
    check_size(sql)
    stage.name = "tokens"
    tokens = read_tokens(sql, rules)
    check_characters(sql, literal_spans(tokens))
    check_nesting(tokens, rules)
    tokens = _plain(sql, tokens, rules)
    stage.name = "statement"
    return parse_query(sql, tokens, rules)


def _plain(sql: str, tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with comments looked at and literals in one form."""
    traits = rules.traits
    if traits.exact_columns:
        return plain_tokens(sql, tokens)
    if traits.executable_comments:
        check_comments(sql, tokens)
    if traits.backslash_modes:
        check_backslashes(sql, tokens, rules)
    tokens = plain_literals(sql, tokens, rules)
    if traits.pivot_statements:
        return nest_pivots(tokens)
    if traits.affinities:
        return plain_types(tokens)
    if traits.union_limit_is_last:
        return nest_limits(name_unions(seed_samples(tokens)))
    return tokens


def _check(
    sql: str, rules: DialectRules, catalog: Catalog, options: Options, stage: _Stage
) -> tuple[exp.Expr, Reads]:
    tree = read_statement(sql, rules, stage)
    stage.name = "nodes"
    nodes = check_nodes(tree, rules)
    stage.name = "functions"
    check_functions(nodes, rules, options.extra_functions)
    stage.name = "names"
    return tree, resolve_names(tree, nodes, catalog, rules)


_MAX_ROUNDS = 3


def _settle(
    text: str, reads: Reads, rules: DialectRules, catalog: Catalog, options: Options
) -> str:
    """A text that parses to a different tree passes every stage again, until it stays itself."""
    for _ in range(_MAX_ROUNDS):
        tree, again = _check(text, rules, catalog, options, _Stage())
        rendered = render(cap_rows(tree, options.max_rows, rules), rules)
        if rendered == text and _reads_the_same(again, reads, rules, catalog):
            return text
        text = rendered
    raise RefusalError(
        "not_reproducible",
        "The query uses a spelling that cannot be checked; write it in a simpler way.",
    )


def _reads_the_same(again: Reads, reads: Reads, rules: DialectRules, catalog: Catalog) -> bool:
    """Where columns are hidden by a SELECT of the listed ones, the text names all of those."""
    if rules.traits.exact_columns:
        return again == reads
    hidden = tuple(f"{table.name}." for table in catalog.tables if table.columns is not None)
    named, said = (
        {column for column in one.columns if not column.startswith(hidden)}
        for one in (again, reads)
    )
    return again.tables == reads.tables and named == said


def _position(sql: str, offset: int | None) -> Position | None:
    if offset is None or offset > len(sql):
        return None
    line_start = sql.rfind("\n", 0, offset) + 1
    return Position(sql.count("\n", 0, offset) + 1, offset - line_start + 1)
