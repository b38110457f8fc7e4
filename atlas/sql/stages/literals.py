"""Literals of engines other than PostgreSQL: one form that all readers agree on."""

import re
from typing import NoReturn

from sqlglot.tokenizer_core import Token, TokenType

from atlas.sql.dialects.rules import DialectRules
from atlas.sql.refusal import RefusalError
from atlas.sql.stages.tokens import (
    check_unicode_name,
    refuse_number,
    replaced,
    unescape,
)

_PLAIN = frozenset({TokenType.HEREDOC_STRING, TokenType.NATIONAL_STRING, TokenType.RAW_STRING})
# An odd number of backslashes in front of a quote.
_KEPT_QUOTE = re.compile(r"""(?<!\\)(?:\\\\)*\\['"]""")
_UNDERSCORED = re.compile(r"(_[0-9]+)+", re.ASCII)


def plain_literals(sql: str, tokens: list[Token], rules: DialectRules) -> list[Token]:
    """The same tokens with every text literal as a plain one, side by side ones joined."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        check_unicode_name(sql, last, token)
        token = _plain(sql, token, rules)
        if last is None:
            out.append(token)
        elif token.token_type is last.token_type is TokenType.STRING:
            out[-1] = _joined(last, token, rules)
        elif last.token_type is TokenType.NUMBER and token.start == last.end + 1:
            out.extend(_after_number(out, last, token, rules))
        else:
            out.append(token)
    return out


def _plain(sql: str, token: Token, rules: DialectRules) -> Token:
    kind = token.token_type
    if kind is TokenType.BYTE_STRING and rules.traits.escape_texts:
        return replaced(token, TokenType.STRING, unescape(sql, token))
    if kind in _PLAIN:
        return replaced(token, TokenType.STRING, token.text)
    return token


def _joined(first: Token, second: Token, rules: DialectRules) -> Token:
    if not rules.traits.joins_texts:
        raise RefusalError(
            "syntax",
            "Two text literals stand side by side; join them with || or CONCAT.",
            offending=second.text[:40],
            offset=second.start,
        )
    return replaced(first, TokenType.STRING, first.text + second.text, end=second.end)


def _after_number(
    out: list[Token], number: Token, token: Token, rules: DialectRules
) -> list[Token]:
    """What touches a number: digits behind an underscore belong to it, letters are an error."""
    if token.token_type is not TokenType.VAR:
        return [token]
    if not rules.traits.underscores or _UNDERSCORED.fullmatch(token.text) is None:
        refuse_number(number, number.text + token.text)
    text = number.text + token.text.replace("_", "")
    out[-1] = replaced(number, TokenType.NUMBER, text, end=token.end)
    return []


def check_backslashes(sql: str, tokens: list[Token], rules: DialectRules) -> None:
    """Refuse a text that is a query in both of the engine's modes of reading a backslash.

    With NO_BACKSLASH_ESCAPES a backslash does not keep a quote from ending a literal, so the
    same text can hide a statement in what looks like a literal here.
    """
    if not any(_keeps_a_quote(sql, token) for token in tokens):
        return
    if _reads_otherwise(sql, rules):
        _refuse_mode()


def _keeps_a_quote(sql: str, token: Token) -> bool:
    if token.token_type is not TokenType.STRING:
        return False
    return _KEPT_QUOTE.search(sql[token.start + 1 : token.end]) is not None


def _reads_otherwise(sql: str, rules: DialectRules) -> bool:
    from atlas.sql.stages.statement import parse_query  # noqa: PLC0415 - the modules need each other

    other = sql.replace("\\", "\\\\")
    try:
        parse_query(other, list(rules.dialect.tokenize(other)), rules)
    except Exception:  # noqa: BLE001 - whatever it says, it is no query when read so
        return False
    return True


def _refuse_mode() -> NoReturn:
    raise RefusalError(
        "ambiguous_escape",
        "A backslash in front of a quote is read in two ways by this engine; double the quote"
        " instead.",
        offending="\\",
    )
