"""Keeps the parser from translating what a query says into something else.

sqlglot maps calls onto a vocabulary shared by all engines and prints them in its own words, which
drops arguments it does not know; it also reads the right side of a JSON arrow as a path. A mark on
the tokens before parsing, taken off the tree again afterwards, makes it keep both as written.
(The compiled parser cannot be subclassed.)
"""

from collections.abc import Callable, Iterable

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules

# No text that gets this far contains a NUL.
_MARK = "\0"
_ARROWS = frozenset({TokenType.ARROW, TokenType.DARROW})
_LITERALS = frozenset({TokenType.STRING, TokenType.NUMBER})


def protect(tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with called names marked and literals behind arrows in parentheses."""
    parser = rules.dialect.parser_class
    callable_kinds = parser.FUNC_TOKENS - parser.SUBQUERY_PREDICATES.keys()
    out: list[Token] = []
    before = None
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        kind = token.token_type
        if before in _ARROWS and kind in _LITERALS:
            out += [
                _like(token, TokenType.L_PAREN, "("),
                token,
                _like(token, TokenType.R_PAREN, ")"),
            ]
        elif (
            following is not None
            and following.token_type is TokenType.L_PAREN
            and kind in callable_kinds
            and token.text.upper() in rules.translated_names
        ):
            out.append(_like(token, kind, token.text + _MARK))
        else:
            out.append(token)
        before = kind
    return out


def _like(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, token.comments)


def restore(tree: exp.Expr) -> None:
    """Take the marks off the tree again."""
    stack: list[object] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, exp.Expr):
            change = _CHANGES.get(type(node))
            if change is not None:
                change(node)
            # Leaves and flags are not worth a turn of the loop.
            stack += [value for value in node.args.values() if value and value is not True]


def _unmark(node: exp.Expr) -> None:
    name = node.this
    if isinstance(name, str) and name.endswith(_MARK):
        node.set("this", name.removesuffix(_MARK))


def _unwrap(node: exp.Expr) -> None:
    path = node.args.get("expression")
    if isinstance(path, exp.Paren) and isinstance(path.this, exp.Literal):
        node.set("expression", path.this)


def _call(node: exp.Expr) -> None:
    """DISTINCT before several arguments belongs to the first; the printer cannot write the rest."""
    _unmark(node)
    if isinstance(node.this, str):
        # As it will be printed, so that the printed text reads back as the same tree.
        node.set("this", node.this.upper())
    arguments = [part for argument in node.expressions for part in _apart(argument)]
    if len(arguments) != len(node.expressions):
        node.set("expressions", arguments)


def _apart(argument: exp.Expr) -> Iterable[exp.Expr]:
    distinct = argument.this if isinstance(argument, exp.Order) else argument
    if not isinstance(distinct, exp.Distinct) or len(distinct.expressions) < 2:
        return [argument]
    first, *rest = distinct.expressions
    distinct.set("expressions", [first])
    if isinstance(argument, exp.Order):
        argument.set("this", rest.pop())
        rest.append(argument)
    return [distinct, *rest]


def _keyword(node: exp.Expr) -> None:
    """The printer adds parentheses that the engine does not accept."""
    node.replace(exp.Var(this="CURRENT_TIME"))


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Anonymous: _call,
    exp.Identifier: _unmark,
    exp.JSONExtract: _unwrap,
    exp.JSONExtractScalar: _unwrap,
    exp.CurrentTime: _keyword,
}
