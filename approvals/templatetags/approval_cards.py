"""What the templates of approval cards need."""

from datetime import datetime, timedelta

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

register = template.Library()

ONE_MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


@register.filter
def left(moment: datetime) -> str:
    """Tell how much time is left until `moment`, in its largest unit, rounded."""
    half = timedelta(hours=12) if moment - timezone.now() > ONE_DAY else timedelta(minutes=30)
    return timeuntil(moment + half, depth=1)


@register.filter
def ago(moment: datetime) -> str:
    """Tell how long ago `moment` was, in its largest unit."""
    if timezone.now() - moment < ONE_MINUTE:
        return _("just now")
    return _("%(span)s ago") % {"span": timesince(moment, depth=1)}


@register.simple_tag
def posts(decision: str, request_id: int) -> SafeString:
    """The attributes of a form that posts a decision and replaces the card by the new one."""
    return format_html(
        'method="post" action="{0}" hx-post="{0}" hx-target="#request-{1}" hx-swap="outerHTML"'
        ' hx-disabled-elt="find button"',
        reverse(f"approvals:{decision}", args=[request_id]),
        request_id,
    )
