"""Second stage: tokens are read once, odd literals made plain, and nesting is bounded."""

import itertools

from sqlglot.errors import TokenError
from sqlglot.tokens import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import Refused

MAX_TOKENS = 20_000
MAX_DEPTH = 40

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
# Words after which the parser goes one level deeper without a bracket.
_DEEPENING = frozenset({TokenType.NOT, TokenType.CASE, TokenType.DASH, TokenType.TILDE})

LITERALS = frozenset(
    {
        TokenType.STRING,
        TokenType.BYTE_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.NATIONAL_STRING,
        TokenType.RAW_STRING,
    }
)


def read_tokens(sql: str, rules: DialectRules) -> list[Token]:
    """The tokens of the text in the dialect's own lexical rules."""
    try:
        return list(rules.dialect.tokenize(sql))
    except TokenError as error:
        raise Refused(
            "unreadable",
            "The query cannot be read: a quote, comment or dollar sign is not closed.",
        ) from error


def literal_spans(tokens: list[Token]) -> list[tuple[int, int]]:
    """Where text literals begin and end, inclusive."""
    return [(t.start, t.end) for t in tokens if t.token_type in LITERALS]


def check_nesting(tokens: list[Token]) -> None:
    """Refuse what would make parsing slow or deep: too many tokens, too many open levels."""
    if len(tokens) > MAX_TOKENS:
        raise Refused(
            "too_complex",
            f"The query has {len(tokens):,} words and signs; the limit is {MAX_TOKENS:,}.",
        )
    depth = run = 0
    for token in tokens:
        kind = token.token_type
        run = run + 1 if kind in _DEEPENING else 0
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth -= 1
        if depth > MAX_DEPTH or run > MAX_DEPTH:
            raise Refused(
                "too_deep",
                f"The query is nested more than {MAX_DEPTH} levels deep; use WITH to flatten it.",
                offending=token.text,
                offset=token.start,
            )


def plain_tokens(sql: str, tokens: list[Token]) -> list[Token]:
    """The same tokens with escape, dollar and national literals turned into plain ones."""
    for left, right in itertools.pairwise(tokens):
        if left.text in "uU" and right.text == "&" and sql[right.end + 1 : right.end + 2] == '"':
            _refuse_unicode_form(left)
    return [_plain(sql, token) for token in tokens]


def _plain(sql: str, token: Token) -> Token:
    kind = token.token_type
    if kind is TokenType.UNICODE_STRING:
        _refuse_unicode_form(token)
    if kind is TokenType.BYTE_STRING:
        return _as_string(token, _unescape(sql, token))
    if kind in LITERALS and kind is not TokenType.STRING:
        return _as_string(token, token.text)
    return token


def _refuse_unicode_form(token: Token) -> None:
    raise Refused(
        "unicode_escape",
        "Names and texts written as U&\"...\" or U&'...' are not accepted; write the characters"
        " themselves.",
        offending="U&",
        offset=token.start,
    )


def _as_string(token: Token, text: str) -> Token:
    return Token(
        TokenType.STRING,
        text,
        line=token.line,
        col=token.col,
        start=token.start,
        end=token.end,
        comments=token.comments,
    )


_SIMPLE_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CODE_LENGTHS = {"u": 4, "U": 8}


def _unescape(sql: str, token: Token) -> str:
    """The text an E'...' literal stands for, by PostgreSQL's rules."""
    body = sql[token.start + 2 : token.end]
    out: list[str] = []
    index = 0
    while index < len(body):
        char = body[index]
        if char == "'":
            out.append(char)
            index += 2
        elif char == "\\":
            text, index = _escape(body, index + 1, token)
            out.append(text)
        else:
            out.append(char)
            index += 1
    return "".join(out)


def _escape(body: str, index: int, token: Token) -> tuple[str, int]:
    char = body[index]
    if char in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[char], index + 1
    if char in _CODE_LENGTHS:
        end = index + 1 + _CODE_LENGTHS[char]
        return _character(body[index + 1 : end], 16, token), end
    if char == "x":
        return _digits(body, index + 1, "0123456789abcdefABCDEF", 2, token)
    if char in "01234567":
        return _digits(body, index, "01234567", 3, token)
    return char, index + 1


def _digits(body: str, start: int, allowed: str, most: int, token: Token) -> tuple[str, int]:
    end = start
    while end < len(body) and end - start < most and body[end] in allowed:
        end += 1
    if end == start:
        return "x", start
    return _character(body[start:end], 16 if most == 2 else 8, token), end


def _character(digits: str, base: int, token: Token) -> str:
    """One character; bytes above 127 and surrogate halves have no meaning on their own here."""
    try:
        code = int(digits, base)
    except ValueError:
        code = 0
    if not code or (base == 8 or len(digits) <= 2) and code > 127 or 0xD800 <= code <= 0xDFFF:
        raise Refused(
            "bad_escape",
            "The text literal holds an escape that is not one character; write the character"
            " itself.",
            offending=digits,
            offset=token.start,
        )
    return chr(code)
