"""Second stage: tokens are read once, odd literals made plain, and nesting is bounded."""

import re
import sys
from typing import NoReturn

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError

MAX_TOKENS = 50_000
MAX_DEPTH = 40

# The parser tries two readings of a square bracket, and of a round one behind the name of a type,
# so each such level inside another doubles the time.
MAX_GUESSES = 3

_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
# Words after which the parser goes one level deeper without a bracket.
_DEEPENING = frozenset({TokenType.NOT, TokenType.CASE, TokenType.DASH, TokenType.RLIKE})

_BASES = {TokenType.HEX_STRING: 16, TokenType.BIT_STRING: 2}

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
        raise RefusalError(
            "unreadable",
            "The query cannot be read: a quote, comment or dollar sign is not closed.",
        ) from error


def literal_spans(tokens: list[Token]) -> list[tuple[int, int]]:
    """Where text literals begin and end, inclusive."""
    return [(t.start, t.end) for t in tokens if t.token_type in LITERALS]


def check_nesting(tokens: list[Token], rules: DialectRules) -> None:
    """Refuse what would make parsing slow or deep: too many tokens, too many open levels."""
    if len(tokens) > MAX_TOKENS:
        raise RefusalError(
            "too_complex",
            f"The query has {len(tokens):,} words and signs; the limit is {MAX_TOKENS:,}.",
        )
    types = rules.dialect.parser_class.TYPE_TOKENS
    most = MAX_GUESSES if rules.traits.exact_columns else rules.traits.max_guesses
    guessed: list[bool] = []
    run, before = 0, None
    for token in tokens:
        kind = token.token_type
        run = run + 1 if kind in _DEEPENING else 0
        too_deep = run > MAX_DEPTH
        if kind in _OPENING:
            guessed.append(kind is not TokenType.L_PAREN or before in types)
            too_deep = len(guessed) > MAX_DEPTH or sum(guessed) > most
        elif kind in _CLOSING and guessed:
            guessed.pop()
        before = kind
        if too_deep:
            raise RefusalError(
                "too_deep",
                "The query is nested too deeply; use WITH to flatten it.",
                offending=token.text,
                offset=token.start,
            )


def plain_tokens(sql: str, tokens: list[Token]) -> list[Token]:
    """The same tokens with every literal in the one form that all readers agree on.

    Escape, dollar and national texts become plain texts, texts continued on the next line become
    one, and numbers with underscores or in another base become decimal.
    """
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        check_unicode_name(sql, last, token)
        token = _plain(sql, token)
        if last is None:
            out.append(token)
        elif token.token_type is last.token_type is TokenType.STRING:
            out[-1] = _continued(sql, last, token)
        elif last.token_type is TokenType.NUMBER and token.start == last.end + 1:
            out.extend(_after_number(out, last, token))
        else:
            out.append(token)
    return out


def check_unicode_name(sql: str, last: Token | None, token: Token) -> None:
    """Refuse U&"name", which the lexer reads as three tokens and the engine as one name."""
    touching = last is not None and last.text in ("u", "U") and last.end + 1 == token.start
    if last is not None and touching and sql.startswith('&"', token.start):
        refuse_unicode_form(last)


def _continued(sql: str, first: Token, second: Token) -> Token:
    if "\n" not in sql[first.end : second.start]:
        raise RefusalError(
            "syntax",
            "Two text literals stand side by side; join them with ||.",
            offending=second.text[:40],
            offset=second.start,
        )
    return replaced(first, TokenType.STRING, first.text + second.text, end=second.end)


_UNDERSCORED = re.compile(r"(_[0-9]+)+", re.ASCII)


def _after_number(out: list[Token], number: Token, token: Token) -> list[Token]:
    """What touches a number: digits behind an underscore belong to it, letters are an error."""
    if token.token_type is not TokenType.VAR:
        return [token]
    if _UNDERSCORED.fullmatch(token.text) is None:
        refuse_number(number, number.text + token.text)
    text = number.text + token.text.replace("_", "")
    out[-1] = replaced(number, TokenType.NUMBER, text, end=token.end)
    return []


def refuse_number(token: Token, text: str) -> NoReturn:
    """Refuse letters that touch a number."""
    raise RefusalError(
        "syntax",
        "A number is followed directly by letters; put a blank or an operator between them.",
        offending=text[:40],
        offset=token.start,
    )


def _plain(sql: str, token: Token) -> Token:
    kind = token.token_type
    if kind is TokenType.IDENTIFIER and sql[token.start].isdigit():
        refuse_number(token, token.text)
    if kind is TokenType.UNICODE_STRING:
        refuse_unicode_form(token)
    if kind is TokenType.BYTE_STRING:
        return replaced(token, TokenType.STRING, unescape(sql, token))
    if kind in LITERALS and kind is not TokenType.STRING:
        return replaced(token, TokenType.STRING, token.text)
    if kind in _BASES and sql[token.start] == "0":
        return replaced(token, TokenType.NUMBER, str(int(token.text, _BASES[kind])))
    return token


def refuse_unicode_form(token: Token) -> NoReturn:
    """Refuse a literal or name with Unicode escapes."""
    raise RefusalError(
        "unicode_escape",
        "Names and texts written as U&\"...\" or U&'...' are not accepted; write the characters"
        " themselves.",
        offending="U&",
        offset=token.start,
    )


def replaced(token: Token, kind: TokenType, text: str, *, end: int | None = None) -> Token:
    """A token in the place of another."""
    return Token(
        kind,
        text,
        line=token.line,
        col=token.col,
        start=token.start,
        end=token.end if end is None else end,
        comments=token.comments,
    )


_SIMPLE_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CODE_LENGTHS = {"u": 4, "U": 8}


def unescape(sql: str, token: Token) -> str:
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
        digits = body[index + 1 : end]
        return _character(digits if end <= len(body) else "", 16, token), end
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
    byte = base == 8 or len(digits) <= 2
    if not code or (byte and code > 127) or 0xD800 <= code <= 0xDFFF or code > sys.maxunicode:
        raise RefusalError(
            "bad_escape",
            "The text literal holds an escape that is not one character; write the character"
            " itself.",
            offending=digits,
            offset=token.start,
        )
    return chr(code)
