"""Puts approval cards into pages."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from approvals.cards import render_card
from approvals.models import ActionRequest

register = template.Library()

ONE_MINUTE = timedelta(minutes=1)


@register.filter
def ago(moment: datetime) -> str:
    """Tell how long ago `moment` was, in its largest unit."""
    if timezone.now() - moment < ONE_MINUTE:
        return _("just now")
    return _("%(span)s ago") % {"span": timesince(moment, depth=1)}


@register.simple_tag(takes_context=True)
def approval_card(context: dict[str, Any], action_request: ActionRequest) -> SafeString:
    """Draw a card for whoever looks at the page; its forms work as plain posts too."""
    http_request = context["request"]
    return render_card(
        action_request,
        http_request.user,
        csrf_token=str(context.get("csrf_token", "")),
        next_url=http_request.get_full_path(),
        notice=str(context.get("notice", "")),
    )
