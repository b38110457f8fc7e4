"""The one function that changes the status of a request."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from approvals.enums import Status
from approvals.execution.query_grants import grant_for
from approvals.execution.settling import settle
from approvals.models import ActionRequest
from approvals.trail import EVENT_OF_END, trace
from approvals.transitions import ALLOWED_MOVES, ROLLBACK_ENDS, Deadline
from atlas.bus.notify import notify
from atlas.bus.topics import Topic

_IN_TIME: dict[Deadline, dict[str, Any]] = {
    Deadline.NONE: {},
    Deadline.BEFORE_EXPIRY: {"expires_at__gt": Now()},
    Deadline.AFTER_EXPIRY: {"expires_at__lte": Now()},
    Deadline.BEFORE_RUN_LIMIT: {"run_before__gt": Now()},
}


def move(request: ActionRequest, to: Status, **changes: object) -> bool:
    """Move `request` to `to` if its row still is as `request` says and the deadline allows it.

    Compares status, version and fence in one statement, by the database's clock. Call it inside
    a transaction. Wakes the watchers; when the request was the last open one of its run, the
    follow-up run is queued in the same transaction. Returns whether it moved, and then `request`
    is fresh. Raises `KeyError` for a move that is not in the table.
    """
    in_time = _IN_TIME[ALLOWED_MOVES[request.state, to]]
    moved = ActionRequest.objects.filter(
        pk=request.pk,
        status=request.status,
        version=request.version,
        fence=request.fence,
        **in_time,
    ).update(status=to, **_stamps(to), **changes)
    if not moved:
        return False
    request.refresh_from_db()
    notify(Topic.APPROVALS, str(request.pk))
    if request.undoes_id is not None:
        # The card of what would be undone says how far that is.
        notify(Topic.APPROVALS, str(request.undoes_id))
    if to is Status.APPROVED:
        grant_for(request)
    if to in ROLLBACK_ENDS:
        _end_rollback_request(request, ROLLBACK_ENDS[to])
    if not to.is_open and request.origin_run_id is not None:
        settle(request.origin_run_id)
    return True


def _end_rollback_request(undone: ActionRequest, to: Status) -> None:
    """Where its roll back had an approval of its own, that request ends as the roll back did."""
    asked = undone.rollback_requests.filter(status__in=[Status.EXECUTING, Status.UNKNOWN]).first()
    if asked is None or asked.state is to:
        return
    result = undone.result.get("rollback") or {}
    move(asked, to, result=result, error_code=undone.error_code, error_text=undone.error_text)
    trace(EVENT_OF_END[to], asked, actor=None, code=undone.error_code, reason=undone.error_text)


def _stamps(to: Status) -> dict[str, object]:
    if to is Status.EXECUTING:
        return {"executing_at": Now(), "attempts": F("attempts") + 1}
    if to.is_open:
        return {}
    if to is Status.ROLLING_BACK:
        # What held it before it was done says nothing about undoing it.
        held = {"held_until": None, "held_because": ""}
        return {"lease_owner": "", "lease_until": None, **held}
    return {"finished_at": Now(), "lease_owner": "", "lease_until": None}


def in_future(span: timedelta) -> Any:
    """The moment `span` from now by the database's clock, for a column."""
    return Now() + span
