"""Spans of time in words."""

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

register = template.Library()

ONE_MINUTE = timedelta(minutes=1)


@register.filter
def in_words(span: timedelta | None) -> str:
    """Tell how long `span` is, in its two largest units; nothing for nothing."""
    if span is None:
        return ""
    if span < ONE_MINUTE:
        seconds = max(0, round(span.total_seconds()))
        return ngettext("%d second", "%d seconds", seconds) % seconds
    now = timezone.now()
    return timesince(now - span, now, depth=2)
