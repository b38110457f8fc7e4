"""Rendering: the text that is sent is written from the checked tree and read once more."""

from sqlglot import exp

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.statement import parse_query
from atlas.sql.stages.tokens import read_tokens


def render(tree: exp.Expr, rules: DialectRules) -> str:
    """The query as text, without comments, in the dialect's own spelling."""
    return rules.dialect.generate(tree, copy=False, comments=False)


def reads_back(sql: str, tree: exp.Expr, rules: DialectRules) -> bool:
    """Whether the text, parsed again, is exactly this tree."""
    try:
        return same_tree(tree, parse_query(sql, read_tokens(sql, rules), rules))
    except RefusalError as error:
        raise RefusalError(
            "not_reproducible",
            "The query uses a spelling that cannot be checked; write it in a simpler way.",
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
