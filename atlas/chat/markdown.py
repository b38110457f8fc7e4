"""One block of Markdown to safe HTML: few tags, no images, no raw HTML, no way to style."""

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from atlas.chat.highlight import highlight_sql

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Rendering one this long takes a few milliseconds, too much for an event loop.
LONG_TEXT = 2_000

_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "div": {"class"},
    "ol": {"start"},
    "span": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"class"},
}
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h5", "h5": "h5", "h6": "h5"}
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def _highlight(code: str, language: str, _attributes: str) -> str:
    return highlight_sql(code) if language.lower() in {"sql", "postgresql"} else escape(code)


@functools.cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - slow; the first answer needs it

    parser = MarkdownIt("commonmark", {"html": False, "highlight": _highlight})
    parser.enable(["table", "strikethrough"])
    # Only full addresses: a relative one could look like a part of the page.
    parser.validateLink = lambda url: _ADDRESS.match(url) is not None  # type: ignore[method-assign]  # its documented hook
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _image(_self: Any, tokens: "Sequence[Token]", at: int, _options: Any, _env: Any) -> str:
    """An image would tell its host who reads what, so only its description stays."""
    return escape(tokens[at].content)


def _table_open(_self: Any, _tokens: "Sequence[Token]", _at: int, _options: Any, _env: Any) -> str:
    return '<div class="scroll-x"><table class="data">'


def _table_close(_self: Any, _tokens: "Sequence[Token]", _at: int, _options: Any, _env: Any) -> str:
    return "</table></div>"


@functools.lru_cache(maxsize=1024)
def render_block(text: str) -> SafeString:
    """The HTML of one block; rendered once in a process, whoever and how many look at it."""
    import nh3  # noqa: PLC0415 - slow; the first answer needs it

    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.attrs.pop("style", "") == "text-align:right":
            token.attrSet("class", "number")
    html = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(  # noqa: S308 - cleaned in this very call
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https"},
            link_rel="noopener noreferrer nofollow",
        )
    )
