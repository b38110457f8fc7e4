"""Which notices are due: read from the requests as they are, so that none can be lost."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q
from django.db.models.functions import Now

from approvals.deciding.deciders import Decider, people_deciding
from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.rules import installed
from atlas.accounts.models import User
from atlas.common.clock import database_now
from atlas.notices.outbox import Due, tell, wanting

T = TypeVar("T")

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
    parts = [*map(_to_deciders, _parts(_waiting())), *map(_to_requesters, _parts(_ended()))]
    return sum(tell(part) for part in parts)


def _parts(found: list[T]) -> Iterator[list[T]]:
    """All of it in parts, so that no statement grows with how much there is."""
    return (found[at : at + MOST] for at in range(0, len(found), MOST))


def _waiting() -> list[int]:
    return list(ActionRequest.objects.pending().order_by("id").values_list("pk", flat=True))


def _to_deciders(numbers: list[int]) -> Iterator[Due]:
    rows = ActionRequest.objects.pending().filter(pk__in=numbers)
    waiting = list(rows.defer("payload", "why", "result"))
    deciding, now = people_deciding(waiting), database_now()
    reachable = _reachable(one.person.pk for found in deciding.values() for one in found)
    for request in waiting:
        for one in deciding[request.pk]:
            if one.person.pk in reachable:
                for kind in _kinds(request, one, now):
                    yield Due(one.person.pk, kind, subject_of(request.pk))


def _kinds(request: ActionRequest, decider: Decider, now: datetime) -> Iterator[str]:
    is_own = decider.person.pk == request.requester_id
    is_for_admin = request.escalated_at is not None and decider.person.is_atlas_admin
    if not is_own and (is_for_admin or decider.asked_next):
        yield ESCALATED
    elif not is_own:
        yield WAITING
    if _is_soon_over(request, now):
        yield REMINDER


def _is_soon_over(request: ActionRequest, now: datetime) -> bool:
    """Whether it is time for a reminder: never in the first half of the time to decide."""
    before = installed.current().remind_before
    if before is None:
        return False
    span = min(before, (request.expires_at - request.created_at) / 2)
    return request.expires_at - now <= span


def _ended() -> list[tuple[int, int | None, str]]:
    """Number, asker and status of what ended lately and was not the asker's own doing."""
    of_end = ActionRequest.objects.filter(
        finished_at__gt=Now() - TOLD_FOR,
        status__in=_KIND_OF_END,
        requester__in=User.objects.filter(wanting()),
    )
    own = Q(decided_by=F("requester"), status__in=[Status.WITHDRAWN, Status.EXECUTED])
    unasked = Q(mode=Mode.AUTO, status=Status.EXECUTED)
    others = of_end.exclude(own & Q(decided_by__isnull=False)).exclude(unasked)
    return list(others.values_list("pk", "requester_id", "status"))


def _to_requesters(ended: list[tuple[int, int | None, str]]) -> Iterator[Due]:
    for number, requester_id, status in ended:
        if requester_id is not None:
            yield Due(requester_id, _KIND_OF_END[Status(status)], subject_of(number))


def _reachable(people: Iterable[int]) -> set[int]:
    found = User.objects.filter(wanting(), pk__in=set(people))
    return set(found.values_list("pk", flat=True))
