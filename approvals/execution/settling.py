"""Tells the conversation once that everything a run proposed has come to an end."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from approvals.models import ActionRequest
from atlas.conversations import services as conversations
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Run

_ENDED = [status for status in RunStatus if status.is_final]


def settle(run_id: UUID) -> None:
    """Queue the follow-up of a finished run whose requests are all decided, once.

    Works inside the caller's transaction. A run that is still going is left alone: its last
    request may not be filed yet, and `settle_finished` comes back to it. A request whose outcome
    the run itself awaits needs no follow-up.
    """
    # Two last requests may end at once: the second waits here and then sees the first one's end.
    ended = Run.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=run_id, status__in=_ENDED, follow_up=None
    )
    if ended.first() is None or ActionRequest.objects.of_run(run_id).open().exists():
        return
    if ActionRequest.objects.of_run(run_id).filter(awaited=False).exists():
        conversations.queue_follow_up(run_id)


def settle_finished(limit: int = 100) -> int:
    """Settle runs that ended after their requests did; returns how many were looked at."""
    requests = ActionRequest.objects.filter(origin_run=OuterRef("pk"))
    runs = Run.objects.filter(
        Exists(requests.filter(awaited=False)),
        ~Exists(requests.open()),
        status__in=_ENDED,
        follow_up=None,
    )
    found = list(runs.values_list("pk", flat=True)[:limit])
    for run_id in found:
        with transaction.atomic():
            settle(run_id)
    return len(found)
