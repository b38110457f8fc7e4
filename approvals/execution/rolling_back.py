"""Asks for an executed action to be undone; the executor does it."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.cards.withholding import sentence_for
from approvals.deciding import ballots
from approvals.deciding.standing import may_undo_at, place_of
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.errors import NotAllowed


def may_roll_back(request: ActionRequest, user: User) -> bool:
    """Whether this person may have the action undone at this moment."""
    return may_undo_at(place_of(request, user), request, user)


def roll_back(request_id: int, *, by: User, payload_hash: str) -> ActionRequest:
    """Have what the request did undone, at most once; a second click changes nothing.

    Raises `NotFound`, `NotAllowed`, and `Conflict` when the hash does not fit, when nothing was
    done, or when it cannot be undone.
    """
    with transaction.atomic():
        request, person = ballots.locked(request_id, by)
        if request.state is Status.ROLLING_BACK:
            return request
        if payload_hash != request.payload_hash or request.state is not Status.EXECUTED:
            raise Conflict(sentence_for(request, person))
        if not request.contract.get("reversible"):
            raise Conflict(_("This action cannot be undone."), code="not_reversible")
        if not may_roll_back(request, person):
            raise NotAllowed(_("Only somebody who may decide this can have it undone."))
        move(request, Status.ROLLING_BACK)
        trace(AuditEvent.REQUEST_ROLLING_BACK, request, actor=person)
    return request
