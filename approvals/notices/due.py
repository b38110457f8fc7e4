"""Which notices are due: read from the requests as they are, so that none can be lost."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from approvals.deciding.deciders import Decider, people_deciding
from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.rules import installed
from atlas.accounts.models import User
from atlas.notices.outbox import Due, tell, wanting

WAITING = "request_waiting"
REMINDER = "request_reminder"
ESCALATED = "request_escalated"
ENDED = "request_ended"
UNKNOWN = "request_unknown"
UNDONE = "request_undone"

# What ended longer ago is not told any more, for example after notices were off for a while.
TOLD_FOR = timedelta(days=1)
MOST = 500

_KIND_OF_END = {
    Status.REJECTED: ENDED,
    Status.EXPIRED: ENDED,
    Status.WITHDRAWN: ENDED,
    Status.LAPSED: ENDED,
    Status.EXECUTED: ENDED,
    Status.FAILED: ENDED,
    Status.UNKNOWN: UNKNOWN,
    Status.ROLLED_BACK: UNDONE,
    Status.ROLLBACK_FAILED: UNDONE,
    Status.ROLLBACK_UNKNOWN: UNDONE,
}


def subject_of(number: int) -> str:
    """How a notice names its request."""
    return f"request {number}"


def write_down_what_is_due() -> int:
    """Tell who may decide what waits and what expires soon, and who asked what came of it.

    Returns how many notices are new. What was written down before is not written again.
    """
    rows = ActionRequest.objects.pending().annotate(database_now=Now())
    waiting = list(rows.defer("payload", "why", "result").order_by("id")[:MOST])
    return tell([*_to_deciders(waiting), *_to_requesters()])


def _to_deciders(waiting: list[ActionRequest]) -> Iterator[Due]:
    deciding = people_deciding(waiting)
    reachable = _reachable(one.person.pk for found in deciding.values() for one in found)
    for request in waiting:
        for one in deciding[request.pk]:
            if one.person.pk in reachable:
                for kind in _kinds(request, one):
                    yield Due(one.person.pk, kind, subject_of(request.pk))


def _kinds(request: ActionRequest, decider: Decider) -> Iterator[str]:
    is_own = decider.person.pk == request.requester_id
    if request.escalated_at is not None and decider.person.is_atlas_admin and not is_own:
        yield ESCALATED
    elif not is_own:
        yield WAITING
    if is_soon_over(request, request.database_now):  # type: ignore[attr-defined]  # annotated
        yield REMINDER


def is_soon_over(request: ActionRequest, now: datetime) -> bool:
    """Whether it is time for a reminder: never in the first half of the time to decide."""
    before = installed.current().remind_before
    if before is None:
        return False
    span = min(before, (request.expires_at - request.created_at) / 2)
    return request.expires_at - now <= span


def _to_requesters() -> Iterator[Due]:
    of_end = ActionRequest.objects.filter(
        finished_at__gt=Now() - TOLD_FOR,
        status__in=_KIND_OF_END,
        requester__in=User.objects.filter(wanting()),
    )
    own = Q(decided_by=F("requester"), status__in=[Status.WITHDRAWN, Status.EXECUTED])
    unasked = Q(mode=Mode.AUTO, status=Status.EXECUTED)
    newest = of_end.exclude(own & Q(decided_by__isnull=False)).exclude(unasked)
    columns = newest.order_by("-finished_at").values_list("pk", "requester_id", "status")
    for number, requester_id, status in columns[:MOST]:
        if requester_id is not None:
            yield Due(requester_id, _KIND_OF_END[Status(status)], subject_of(number))


def _reachable(people: Iterable[int]) -> set[int]:
    found = User.objects.filter(wanting(), pk__in=set(people))
    return set(found.values_list("pk", flat=True))
