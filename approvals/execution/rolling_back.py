"""Asks for an executed action to be undone; the executor does it."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import halting
from approvals.cards.withholding import is_named_by, sentence_for
from approvals.deciding import ballots
from approvals.deciding.standing import may_undo_at, place_of
from approvals.enums import Kind, Mode, Status
from approvals.errors import Conflict
from approvals.execution import holding
from approvals.filing.rollbacks import file_rollback
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.rules.requirements import rollback_requirements
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.clock import database_now
from atlas.common.errors import NotAllowed
from atlas.conversations.enums import Origin


def may_roll_back(request: ActionRequest, user: User) -> bool:
    """Whether this person may have the action undone at this moment."""
    return may_undo_at(place_of(request, user), request, user)


def roll_back(
    request_id: int, *, by: User, payload_hash: str, origin: Origin = Origin.CHAT
) -> ActionRequest:
    """Have what the request did undone, at most once; a second click changes nothing.

    Where the policy wants a roll back approved by itself, it is filed as a request of its own,
    and the request stays as it is until that one runs. `origin` is which way it was asked for.
    In a freeze or under a stop order that one waits like any other; without one nothing is undone,
    and nothing queued. Raises `NotFound`, `NotAllowed`, and `Conflict` when the hash does not fit,
    when nothing was done, when it cannot be undone, in a freeze, or under a stop order.
    """
    with transaction.atomic():
        request, person = ballots.locked(request_id, by)
        ballots.check_scope(person)
        if request.state is Status.ROLLING_BACK:
            return request
        _check(request, person, payload_hash)
        if ActionRequest.objects.open().filter(undoes=request.pk).exists():
            return request
        required = rollback_requirements(request, person.as_role, origin=origin)
        if required.mode is not Mode.AUTO:
            file_rollback(request, person, required)
            return request
        _check_time(request)
        move(request, Status.ROLLING_BACK, undo_asked={"by": person.pk, "origin": origin.value})
        trace(AuditEvent.REQUEST_ROLLING_BACK, request, actor=person)
    return request


def _check(request: ActionRequest, person: User, payload_hash: str) -> None:
    if not is_named_by(request, payload_hash) or request.state is not Status.EXECUTED:
        raise Conflict(sentence_for(request, person))
    if request.kind != Kind.ACTION or not request.contract.get("reversible"):
        raise Conflict(_("This action cannot be undone."), code="not_reversible")
    if not may_roll_back(request, person):
        raise NotAllowed(_("Only somebody who may decide this can have it undone."))


def _check_time(request: ActionRequest) -> None:
    """Queue nothing that would happen much later, when nobody thinks of it or can take it back."""
    hold = holding.hold_on_undoing(request, database_now())
    if hold is not None:
        raise Conflict(hold.sentence, code="frozen")
    if halting.is_in_force_for_good():
        raise Conflict(
            _("An admin has stopped everything, so nothing is undone. Try again after that."),
            code="halted",
        )
