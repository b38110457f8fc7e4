"""Rendering: the text that is sent is written from the checked tree and read once more."""

from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from atlas.sql.dialects.rules import DialectRules, Print
from atlas.sql.dialects.words import MARK
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.clickhouse_tokens import seed_samples
from atlas.sql.stages.statement import parse_query
from atlas.sql.stages.tokens import read_tokens

_TABLES: dict[str, dict[type[exp.Expr], Print]] = {}


def render(tree: exp.Expr, rules: DialectRules) -> str:
    """The query as text, without comments, in the dialect's own spelling.

    Raises RefusalError when the printer would have to leave something out.
    """
    generator = rules.dialect.generator(comments=False, unsupported_level=ErrorLevel.RAISE)
    if rules.traits.printed:
        # The printer's own table of node kinds, with what must stay as it was written.
        if rules.name not in _TABLES:
            _TABLES[rules.name] = {**generator._dispatch, **rules.traits.printed}
        generator._dispatch = _TABLES[rules.name]
    try:
        text = generator.generate(tree, copy=False)
    except UnsupportedError as error:
        raise RefusalError("not_reproducible", _UNCLEAR, offending=str(error)[:200]) from error
    if MARK in text:
        # What was put in for the parser only, in a place where nothing takes it off again.
        raise RefusalError("not_reproducible", _UNCLEAR)
    return text


_UNCLEAR = "The query uses a spelling that cannot be checked; write it in a simpler way."


def reads_back(sql: str, tree: exp.Expr, rules: DialectRules) -> bool:
    """Whether the text, parsed again, is exactly this tree."""
    try:
        tokens = read_tokens(sql, rules)
        if rules.traits.union_limit_is_last:
            tokens = seed_samples(tokens)
        return same_tree(tree, parse_query(sql, tokens, rules))
    except RefusalError as error:
        raise RefusalError(
            "not_reproducible",
            _UNCLEAR,
            offending=error.offending,
        ) from error


def same_tree(left: object, right: object) -> bool:
    """Whether two trees have the same nodes with the same arguments in the same places."""
    stack = [(left, right)]
    while stack:
        one, other = stack.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, exp.Expr) and isinstance(other, exp.Expr):
            theirs = {slot: value for slot, value in other.args.items() if value}
            ours = {slot: value for slot, value in one.args.items() if value}
            if ours.keys() != theirs.keys():
                return False
            stack += [(value, theirs[slot]) for slot, value in ours.items()]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            stack += zip(one, other, strict=True)
        elif one != other:
            return False
    return True
