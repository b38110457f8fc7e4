"""SQL as HTML with classes; the colours are in the style sheet."""

import functools
from typing import Any

from django.utils.safestring import SafeString, mark_safe


@functools.lru_cache(maxsize=256)
def highlight_sql(text: str) -> SafeString:
    """The escaped text with a `span` around each keyword, string, number and comment."""
    return mark_safe(_coloured(text, are_clauses_apart=False))  # noqa: S308 - pygments escapes


@functools.lru_cache(maxsize=256)
def highlight_query(text: str) -> SafeString:
    """The same for a query that was sent as one line: a clause on each line."""
    return mark_safe(_coloured(text, are_clauses_apart=True))  # noqa: S308 - pygments escapes


def _coloured(text: str, *, are_clauses_apart: bool) -> str:
    from pygments import highlight  # noqa: PLC0415 - slow; the first answer with SQL needs it

    return str(highlight(text, _lexer(are_clauses_apart=are_clauses_apart), _formatter()))


@functools.cache
def _lexer(*, are_clauses_apart: bool) -> Any:
    from pygments.lexers.sql import PostgresLexer  # noqa: PLC0415 - slow; the first answer with SQL needs it

    from atlas.chat.layout import LayOut  # noqa: PLC0415 - it imports pygments

    lexer = PostgresLexer(stripnl=False, ensurenl=False)
    if are_clauses_apart:
        lexer.add_filter(LayOut())
    return lexer


@functools.cache
def _formatter() -> Any:
    from pygments.formatters.html import HtmlFormatter  # noqa: PLC0415 - slow; the first answer with SQL needs it

    return HtmlFormatter(nowrap=True)
