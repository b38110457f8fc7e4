"""Tells the pages of plugins which requests would be lost without a plugin."""

from django.utils.translation import ngettext

from approvals.enums import OPEN
from approvals.models import ActionRequest
from plugins_app.host import uses


def connect() -> None:
    """Have the host ask; called once, when the models exist."""
    uses.also(_open_requests)


def _open_requests(plugin_id: str) -> list[str]:
    """Return a sentence that counts the requests of its actions that are not done yet."""
    count = ActionRequest.objects.filter(plugin_id=plugin_id, status__in=OPEN).count()
    if not count:
        return []
    text = ngettext(
        "%(count)s request of its actions that is not done.",
        "%(count)s requests of its actions that are not done.",
        count,
    )
    return [text % {"count": count}]
