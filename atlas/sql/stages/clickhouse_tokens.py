"""ClickHouse texts that its parser here does not know: two LIMITs, a bare UNION, SAMPLE OFFSET."""

from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.refusal import RefusalError

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_SET_OPERATIONS = frozenset(
    {TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT, TokenType.SEMICOLON}
)
_BEHIND_THEM = frozenset({TokenType.ALL, TokenType.DISTINCT})
_HEAD = (
    (TokenType.SELECT, "SELECT"),
    (TokenType.STAR, "*"),
    (TokenType.FROM, "FROM"),
    (TokenType.L_PAREN, "("),
)


class _Level:
    """One pair of brackets: where its query begins, and whether a LIMIT BY stands in it."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.limit = False
        self.limit_by = False

    def see(self, token: Token) -> None:
        self.limit = self.limit or token.token_type is TokenType.LIMIT
        self.limit_by = self.limit_by or (self.limit and token.text.upper() == "BY")


def nest_limits(tokens: list[Token]) -> list[Token]:
    """`SELECT ... LIMIT n BY x LIMIT m` as `SELECT * FROM (SELECT ... LIMIT n BY x) LIMIT m`."""
    if sum(token.token_type is TokenType.LIMIT for token in tokens) < 2:
        return tokens
    heads: dict[int, int] = {}
    closings: set[int] = set()
    levels = [_Level(0)]
    for index, token in enumerate(tokens):
        level = levels[-1]
        kind = token.token_type
        if kind in _OPENING:
            levels.append(_Level(index + 1))
        elif kind in _CLOSING and len(levels) > 1:
            levels.pop()
        elif kind is TokenType.LIMIT and level.limit_by:
            heads[level.start] = heads.get(level.start, 0) + 1
            closings.add(index)
            level.limit_by = False
        elif kind in _SET_OPERATIONS:
            levels[-1] = _Level(index + 1)
        elif kind in _BEHIND_THEM and level.start == index:
            level.start = index + 1
        else:
            level.see(token)
    return _insert(tokens, heads, closings)


def _insert(tokens: list[Token], heads: dict[int, int], closings: set[int]) -> list[Token]:
    out: list[Token] = []
    for index, token in enumerate(tokens):
        if index in closings:
            out.append(_like(token, TokenType.R_PAREN, ")"))
        for _ in range(heads.get(index, 0)):
            out += [_like(token, kind, text) for kind, text in _HEAD]
        out.append(token)
    return out


def name_unions(tokens: list[Token]) -> list[Token]:
    """A bare UNION as the UNION DISTINCT it is in standard SQL; ClickHouse wants to hear which."""
    out: list[Token] = []
    for index, token in enumerate(tokens):
        out.append(token)
        if token.token_type is TokenType.UNION:
            following = tokens[index + 1] if index + 1 < len(tokens) else token
            if following.token_type not in _BEHIND_THEM:
                out.append(_like(token, TokenType.DISTINCT, "DISTINCT"))
    return out


def seed_samples(tokens: list[Token]) -> list[Token]:
    """`SAMPLE 1/10 OFFSET 1/2` with the offset in the parser's slot for a seed.

    The parser would take it for the OFFSET of the query, which skips rows.
    """
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        out.append(token)
        index += 1
        if token.token_type is not TokenType.TABLE_SAMPLE:
            continue
        size = _ratio(tokens, index)
        out += tokens[index : index + size]
        index += size
        offset = _ratio(tokens, index + 1)
        following = tokens[index : index + 1 + offset]
        if following and following[0].text.upper() in _SEEDS:
            raise RefusalError(
                "syntax", "A SAMPLE has no seed in ClickHouse.", offset=following[0].start
            )
        if offset and following[0].token_type is TokenType.OFFSET:
            out += _seed(following)
            index += 1 + offset
    return out


_SEEDS = frozenset({"SEED", "REPEATABLE"})


def _ratio(tokens: list[Token], start: int) -> int:
    """How many tokens from here on are one number, or a number divided by another."""
    kinds = [token.token_type for token in tokens[start : start + 3]]
    if kinds == [TokenType.NUMBER, TokenType.SLASH, TokenType.NUMBER]:
        return 3
    return int(kinds[:1] == [TokenType.NUMBER])


def _seed(offset: list[Token]) -> list[Token]:
    word, *number = offset
    return [
        _like(word, TokenType.VAR, "SEED"),
        _like(word, TokenType.L_PAREN, "("),
        _like(number[0], TokenType.NUMBER, "".join(token.text for token in number)),
        _like(word, TokenType.R_PAREN, ")"),
    ]


def _like(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, [])
