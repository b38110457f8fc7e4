"""Brackets where the engine reads one thing and the parser would begin another."""

import re
from collections.abc import Iterator
from itertools import chain

from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.dialects.units import UNITS
from atlas.sql.refusal import RefusalError

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_ENDS_LIMIT = frozenset(
    {TokenType.OFFSET, TokenType.COMMA, TokenType.FETCH, TokenType.UNION, TokenType.EXCEPT}
    | {TokenType.INTERSECT, TokenType.SEMICOLON}
)
_SETS = frozenset({TokenType.UNION, TokenType.EXCEPT, TokenType.INTERSECT})
_QUANTIFIERS = frozenset({TokenType.ALL, TokenType.DISTINCT})
_ENDS_VALUES = _SETS | {TokenType.ORDER_BY, TokenType.LIMIT, TokenType.OFFSET, TokenType.FETCH}
_LIKES = frozenset({TokenType.LIKE, TokenType.ILIKE})
_ENDS_OPERAND = _ENDS_LIMIT | frozenset(
    {TokenType.DPIPE, TokenType.AND, TokenType.OR, TokenType.EQ, TokenType.NEQ, TokenType.IS}
    | {TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.END, TokenType.ALIAS}
    | {TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING, TokenType.ORDER_BY}
)
_LITERALS = frozenset({TokenType.STRING, TokenType.NUMBER})
_BEFORE_ARGUMENT = frozenset({TokenType.L_PAREN, TokenType.COMMA})
# MySQL's units of two parts, such as DAY_HOUR.
_SPAN = re.compile(r"(YEAR|DAY|HOUR|MINUTE|SECOND)_[A-Z]+", re.IGNORECASE)
_PRECISE = [TokenType.L_PAREN, TokenType.NUMBER, TokenType.R_PAREN, TokenType.STRING]
_OPERANDS = frozenset({TokenType.NUMBER, TokenType.L_PAREN, TokenType.VAR, TokenType.PARAMETER})


def grouped(tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The tokens with brackets around what belongs together."""
    _check_precision(tokens)
    _check_likes(tokens)
    opened: dict[int, int] = {}
    closed: dict[int, int] = {}
    found = (_typed_texts(tokens, rules), _remainders(tokens), _paths(tokens), _added(tokens))
    for start, end in chain(*found, _arrowed(tokens, rules), _value_lists(tokens, rules)):
        opened[start] = opened.get(start, 0) + 1
        closed[end] = closed.get(end, 0) + 1
    if not opened:
        return tokens
    out: list[Token] = []
    for index, token in enumerate(tokens):
        out += [_like(token, TokenType.L_PAREN, "(")] * opened.get(index, 0)
        out.append(token)
        out += [_like(token, TokenType.R_PAREN, ")")] * closed.get(index, 0)
    return out


def _check_precision(tokens: list[Token]) -> None:
    """INTERVAL(3) '...' rounds to milliseconds, and the parser would add three seconds to it."""
    kinds = [token.token_type for token in tokens]
    for index, kind in enumerate(kinds):
        if kind is TokenType.INTERVAL and kinds[index + 1 : index + 5] == _PRECISE:
            raise RefusalError(
                "syntax",
                "An interval with a precision in brackets is not read; leave the brackets out.",
                offending=tokens[index].text,
                offset=tokens[index].start,
            )


def _check_likes(tokens: list[Token]) -> None:
    """`a ~~ b || c` joins the answer of `a ~~ b` with c, and the parser would join b with c."""
    for index, token in enumerate(tokens[:-3]):
        if not token.text.startswith("~~") or token.token_type not in _LIKES:
            continue
        end, _ = _limit(tokens, index + 1, _ENDS_OPERAND)
        if tokens[end + 1 : end + 2] and tokens[end + 1].token_type is TokenType.DPIPE:
            raise RefusalError(
                "syntax",
                f"Put what stands behind {token.text} in brackets, or write LIKE.",
                offending=token.text,
                offset=token.start,
            )


def _typed_texts(tokens: list[Token], rules: DialectRules) -> Iterator[tuple[int, int]]:
    """Each `DATE '...'` in front of `::`, which casts the date and not its text."""
    types = rules.dialect.parser_class.TYPE_TOKENS
    for index, token in enumerate(tokens):
        if token.token_type is not TokenType.DCOLON or index < 2:
            continue
        if tokens[index - 1].token_type is not TokenType.STRING:
            continue
        start = _type_start(tokens, index - 2)
        if start >= 0 and tokens[start].token_type in types:
            yield start, index - 1


def _type_start(tokens: list[Token], last: int) -> int:
    """Where the type begins that ends here; WITH TIME ZONE and (3) may stand behind its name."""
    words = [token.text.upper() for token in tokens[max(0, last - 2) : last + 1]]
    if words[1:] == ["TIME", "ZONE"] and words[0] in ("WITH", "WITHOUT"):
        last -= 3
    if last >= 3 and tokens[last].token_type is TokenType.R_PAREN:
        last -= 3
    return last


def _remainders(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Each LIMIT with a remainder in it, whose sign the parser would take for per cent."""
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.LIMIT:
            end, found = _limit(tokens, index + 1)
            if found:
                yield index + 1, end


def _limit(
    tokens: list[Token], start: int, ends: frozenset[TokenType] = _ENDS_LIMIT
) -> tuple[int, bool]:
    """The last token of the expression that begins here, and whether it takes a remainder."""
    depth, found = 0, False
    for index in range(start, len(tokens)):
        kind = tokens[index].token_type
        if depth == 0 and (kind in ends or kind in _CLOSING):
            return index - 1, found
        if depth == 0 and kind is TokenType.MOD:
            following = tokens[index + 1 : index + 2]
            found = found or any(token.token_type in _OPERANDS for token in following)
        depth += (kind in _OPENING) - (kind in _CLOSING)
    return len(tokens) - 1, found


def _paths(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Each path of a JSON_VALUE with RETURNING and the like, which the parser would rewrite."""
    for index, token in enumerate(tokens[:-1]):
        called = tokens[index + 1].token_type is TokenType.L_PAREN
        if not called or token.text.upper() != "JSON_VALUE":
            continue
        path = _second_argument(tokens, index + 1)
        kinds = [token.token_type for token in tokens[path : path + 2]]
        if len(kinds) == 2 and kinds[0] is TokenType.STRING and kinds[1] not in _CLOSING:
            yield path, path


def _second_argument(tokens: list[Token], opening: int) -> int:
    """Where what follows the first comma in these brackets begins, or the end."""
    depth = 0
    for index in range(opening, len(tokens)):
        kind = tokens[index].token_type
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth == 0:
            break
        if depth == 1 and kind is TokenType.COMMA:
            return index + 1
    return len(tokens)


def _added(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Each literal added to an interval, which the parser would take for an interval as well."""
    for index in range(2, len(tokens)):
        if tokens[index].token_type not in _LITERALS:
            continue
        sign, before = tokens[index - 1], tokens[index - 2]
        is_unit = before.text.upper() in UNITS or _SPAN.fullmatch(before.text) is not None
        if sign.token_type is TokenType.PLUS and is_unit:
            yield index, index


def _value_lists(tokens: list[Token], rules: DialectRules) -> Iterator[tuple[int, int]]:
    """Each query `VALUES (1, 2), (3, 4)`, where MySQL's parser would begin a call of VALUES."""
    if "VALUES" not in rules.dialect.parser_class.FUNCTION_PARSERS:
        return
    for index, token in enumerate(tokens[:-1]):
        listed = tokens[index + 1].token_type is TokenType.L_PAREN
        if token.token_type is TokenType.VALUES and listed and _begins_query(tokens, index):
            end, _ = _limit(tokens, index + 1, _ENDS_VALUES)
            yield index, end


def _begins_query(tokens: list[Token], index: int) -> bool:
    """Whether a statement, the body of a WITH name or a branch of a UNION begins here."""
    before = [token.token_type for token in tokens[max(0, index - 2) : index]]
    if not before or before[-1] in _SETS:
        return True
    if before == [TokenType.ALIAS, TokenType.L_PAREN]:
        return True
    return len(before) == 2 and before[0] in _SETS and before[1] in _QUANTIFIERS


def _arrowed(tokens: list[Token], rules: DialectRules) -> Iterator[tuple[int, int]]:
    """Each column before an arrow in a call, twice: the parser would begin a lambda with it."""
    if not rules.traits.json_arrows:
        return
    calls: list[str] = []
    for index, token in enumerate(tokens):
        kind = token.token_type
        if kind in _OPENING:
            calls.append(tokens[index - 1].text.lower() if index else "")
        elif kind in _CLOSING and calls:
            calls.pop()
        elif kind is TokenType.ARROW and calls and calls[-1] not in rules.traits.lambda_calls:
            before = tokens[max(0, index - 2)].token_type
            yield from [(index - 1, index - 1)] * (2 if before in _BEFORE_ARGUMENT else 0)


def _like(token: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, token.line, token.col, token.start, token.end, token.comments)
