"""DuckDB texts that the parser does not know: an order or a limit behind a PIVOT statement."""

from sqlglot.tokenizer_core import Token, TokenType

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_PIVOTS = frozenset({TokenType.PIVOT, TokenType.UNPIVOT})
_TAILS = frozenset({TokenType.ORDER_BY, TokenType.LIMIT, TokenType.OFFSET})
_HEAD = (
    (TokenType.SELECT, "SELECT"),
    (TokenType.STAR, "*"),
    (TokenType.FROM, "FROM"),
    (TokenType.L_PAREN, "("),
)


def nest_pivots(tokens: list[Token]) -> list[Token]:
    """`PIVOT ... ORDER BY x` as `SELECT * FROM (PIVOT ...) ORDER BY x`."""
    heads: set[int] = set()
    tails: set[int] = set()
    # For each open bracket the PIVOT statement that began in it and has not come to its tail.
    begun: list[int | None] = [None]
    for index, token in enumerate(tokens):
        kind = token.token_type
        if kind in _OPENING:
            begun.append(None)
        elif kind in _CLOSING and len(begun) > 1:
            begun.pop()
        elif kind in _PIVOTS and _begins(tokens, index):
            begun[-1] = index
        elif kind in _TAILS and begun[-1] is not None:
            heads.add(begun[-1])
            tails.add(index)
            begun[-1] = None
    return _insert(tokens, heads, tails)


def _insert(tokens: list[Token], heads: set[int], tails: set[int]) -> list[Token]:
    out: list[Token] = []
    for index, token in enumerate(tokens):
        if index in heads:
            out += [_like(token, kind, text) for kind, text in _HEAD]
        elif index in tails:
            out.append(_like(token, TokenType.R_PAREN, ")"))
        out.append(token)
    return out


def _begins(tokens: list[Token], index: int) -> bool:
    """Whether a statement begins here; behind a table PIVOT is a clause with brackets."""
    if index == 0 or tokens[index - 1].token_type in (TokenType.L_PAREN, TokenType.SEMICOLON):
        return True
    behind_with = tokens[index - 1].token_type is TokenType.R_PAREN
    following = [token.text.upper() for token in tokens[index + 1 : index + 2]]
    return behind_with and following not in (["("], ["INCLUDE"], ["EXCLUDE"])


def _like(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, [])
