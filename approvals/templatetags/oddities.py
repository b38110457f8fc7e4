"""Texts of people and models with what is odd in them made visible."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from approvals.cards.lookalikes import Piece, pieces_of

register = template.Library()

SHOWN = 3


@register.filter
def visible(text: object) -> SafeString:
    """The whole text, escaped; odd characters are marked, and those that are not seen named."""
    drawn = (_drawn(piece) for piece in pieces_of(str(text)))
    return SafeString("".join(drawn))


def _drawn(piece: Piece) -> str:
    if piece.oddity is None:
        return conditional_escape(piece.text)
    shown = piece.text if piece.is_seen else _codes(piece.text)
    return format_html(
        '<mark class="odd {}" title="{}">{}</mark>', piece.oddity.value, piece.names, shown
    )


def _codes(text: str) -> str:
    codes = " ".join(f"U+{ord(letter):04X}" for letter in text[:SHOWN])
    rest = len(text) - SHOWN
    more = ngettext("and %d more", "and %d more", rest) % rest if rest > 0 else ""
    return f"[{codes} {more}]" if more else f"[{codes}]"
