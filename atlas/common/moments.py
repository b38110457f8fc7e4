"""Moments on pages: marked up so that each browser shows them in its own time zone."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def moment(value: datetime | None, text: str = "", *, classes: str = "", form: str = "") -> str:
    """A `<time>`: `text` with the exact moment on hover, or the exact moment itself.

    The server writes its own time zone and names it; `static/atlas/js/times.js` puts the reader's
    in its place. `form` is "time" for the hour alone and "day" for the date alone.
    """
    if value is None:
        return ""
    shown = {"time": "TIME_FORMAT", "day": "DATE_FORMAT"}.get(form, "DATETIME_FORMAT")
    local = timezone.localtime(value)
    zone = local.tzname() or ""
    return _drawn(
        local,
        text or f"{date_format(local, shown)} {zone}".strip(),
        title=f"{date_format(local, 'DATETIME_FORMAT')} {zone}".strip(),
        # Without a text of its own, what stands there is what the browser writes anew.
        shown="" if text else form or "exact",
        classes=classes,
    )


def _drawn(local: datetime, text: str, *, title: str, shown: str, classes: str) -> SafeString:
    attributes = SafeString()
    for name, value in (("class", classes), ("data-shown", shown)):
        if value:
            attributes += format_html(' {}="{}"', name, value)
    html = '<time datetime="{}" title="{}"{}>{}</time>'
    return format_html(html, local.isoformat(timespec="seconds"), title, attributes, text)
