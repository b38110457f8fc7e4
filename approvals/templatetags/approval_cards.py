"""Puts approval cards into pages."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from approvals.cards import render_card
from approvals.models import ActionRequest

register = template.Library()


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
