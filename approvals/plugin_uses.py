"""Tells the pages of plugins which requests would be lost without a plugin."""

from django.db.models import Count
from django.utils.translation import ngettext

from approvals.enums import OPEN
from approvals.models import ActionRequest
from plugins_app.host import uses


def connect() -> None:
    """Have the host ask; called once, when the models exist."""
    uses.also(_open_requests)


def _open_requests() -> dict[str, str]:
    """For each plugin, how many requests of its actions are not done yet."""
    waiting = ActionRequest.objects.filter(status__in=OPEN).order_by()
    counts = waiting.values_list("plugin_id").annotate(count=Count("pk"))
    return {plugin_id: _counted(count) for plugin_id, count in counts}


def _counted(count: int) -> str:
    text = ngettext(
        "%(count)s request of its actions that is not done.",
        "%(count)s requests of its actions that are not done.",
        count,
    )
    return text % {"count": count}
