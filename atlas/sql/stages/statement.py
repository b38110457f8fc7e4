"""Parsing: exactly one statement, and it is a query."""

from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.faults import PARSER_FAULTS
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.verbatim import protect, restore

_QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values, exp.Pivot)


def parse_query(sql: str, tokens: list[Token], rules: DialectRules) -> exp.Expr:
    """The tree of the one query in the text."""
    tokens = _without_semicolons(tokens)
    if not tokens:
        raise RefusalError("empty", "The query is empty; write one SELECT statement.")
    for token in tokens:
        if token.token_type is TokenType.SEMICOLON:
            raise RefusalError(
                "several_statements",
                "Only one statement can be run at a time; remove what stands after the semicolon.",
                offending=";",
                offset=token.start,
            )
        if token.token_type is TokenType.PIPE_GT and not rules.traits.pipes:
            raise RefusalError(
                "syntax",
                f"The sign |> is not one of {rules.title}; write the clauses of one SELECT.",
                offending=token.text,
                offset=token.start,
            )
    _check_verb(tokens[0], rules)
    trees = _parse(sql, tokens, rules)
    tree = trees[0] if len(trees) == 1 else None
    while isinstance(tree, exp.Subquery) and _only_wraps(tree):
        tree = tree.this
    if not isinstance(tree, _QUERIES):
        raise _not_a_query(tokens[0])
    return tree


def _without_semicolons(tokens: list[Token]) -> list[Token]:
    """The tokens without empty statements before and behind."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].token_type is TokenType.SEMICOLON:
        start += 1
    while end > start and tokens[end - 1].token_type is TokenType.SEMICOLON:
        end -= 1
    return tokens[start:end]


def _check_verb(token: Token, rules: DialectRules) -> None:
    """The verb is looked at first, because the parser only guesses at other statements."""
    if (
        token.token_type is TokenType.IDENTIFIER
        or token.text.upper() not in rules.traits.first_words
    ):
        raise _not_a_query(token)


def _not_a_query(token: Token) -> RefusalError:
    return RefusalError(
        "not_a_query",
        f"Only queries can be run, and this begins with {token.text[:40]}; write a SELECT.",
        offending=token.text[:40],
        offset=token.start,
    )


def _parse(sql: str, tokens: list[Token], rules: DialectRules) -> list[exp.Expr]:
    try:
        parsed = rules.dialect.parser().parse(protect(tokens, rules), sql)
        trees = [tree for tree in parsed if tree is not None]
        for tree in trees:
            restore(tree, rules)
        return trees
    except ParseError as error:
        details: dict[str, Any] = error.errors[0] if error.errors else {}
        offending = str(details.get("highlight") or "")
        raise RefusalError(
            "syntax",
            f"The query is not valid {rules.title} near {offending[:40] or 'its end'}.",
            offending=offending[:200],
            offset=_offset(sql, details.get("line"), details.get("col"), offending),
        ) from error
    except PARSER_FAULTS as fault:
        raise RefusalError("syntax", f"The query cannot be read as {rules.title}.") from fault


def _offset(sql: str, line: int | None, col: int | None, offending: str) -> int:
    """Where a piece begins that ends in this line and column."""
    start = sum(len(text) + 1 for text in sql.split("\n")[: (line or 1) - 1])
    return max(0, start + (col or 0) - len(offending))


def _only_wraps(tree: exp.Subquery) -> bool:
    return not any(value for key, value in tree.args.items() if key != "this")
