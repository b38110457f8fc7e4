"""SQL as HTML with classes; the colours are in the style sheet."""

import functools

from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.sql import PostgresLexer

from atlas.chat.layout import LayOut

_LEXER = PostgresLexer(stripnl=False, ensurenl=False)
_LAYING_OUT = PostgresLexer(stripnl=False, ensurenl=False)
_LAYING_OUT.add_filter(LayOut())
_FORMATTER = HtmlFormatter(nowrap=True)


@functools.lru_cache(maxsize=256)
def highlight_sql(text: str) -> SafeString:
    """The escaped text with a `span` around each keyword, string, number and comment."""
    return mark_safe(highlight(text, _LEXER, _FORMATTER))  # noqa: S308 - pygments escapes


@functools.lru_cache(maxsize=256)
def highlight_query(text: str) -> SafeString:
    """The same for a query that was sent as one line: a clause on each line."""
    return mark_safe(highlight(text, _LAYING_OUT, _FORMATTER))  # noqa: S308 - pygments escapes
