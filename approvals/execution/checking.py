"""Clears up an unknown outcome: by asking the other side again, or by what a person found out."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import services
from approvals.cards.withholding import sentence_for
from approvals.deciding import ballots
from approvals.deciding.standing import may_check_at, place_of
from approvals.enums import Delivery, Status
from approvals.errors import Conflict
from approvals.execution import endings
from approvals.execution.attempts import prepared
from approvals.execution.endings import Ending
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.db import in_db
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.jsonable import clean_text
from plugins_app.host.facets import actions

MAX_NOTE = 1000

# What an unknown outcome turns out to be: it happened, or it did not.
FOUND = {
    Status.UNKNOWN: (Status.EXECUTED, Status.FAILED),
    Status.ROLLBACK_UNKNOWN: (Status.ROLLED_BACK, Status.ROLLBACK_FAILED),
}


def may_check(request: ActionRequest, user: User) -> bool:
    """Whether this person may say what became of an action whose outcome is unknown."""
    return may_check_at(place_of(request, user), request, user)


def mark(request_id: int, *, by: User, happened: bool, note: str) -> ActionRequest:
    """Record what a person found in the other system; the agent and the asker are told.

    Raises `NotFound`, `NotAllowed`, `Conflict` when the outcome is known, and `BadInput` without
    a note that says how the person knows, or with one above 1,000 characters.
    """
    note = clean_text(note).strip()
    if not any(letter.isalnum() for letter in note):
        raise BadInput(_("Say how you know; the person who asked will read it."))
    if len(note) > MAX_NOTE:
        raise BadInput(_("The note is too long. Use at most 1,000 characters."))
    with transaction.atomic():
        request, person = _unknown(request_id, by)
        words = {"who": str(person), "note": note}
        if happened:
            found = _("%(who)s checked, and it was done: “%(note)s”") % words
            result = {**request.result, "message": found}
            changes: dict[str, object] = {"result": result, "error_text": ""}
        else:
            found = _("%(who)s checked, and it was not done: “%(note)s”") % words
            changes = {"error_code": "checked", "error_text": found}
        done, not_done = FOUND[request.state]
        move(request, done if happened else not_done, **changes)
        trace(AuditEvent.REQUEST_CHECKED, request, actor=person, happened=happened, reason=note)
    return request


async def ask_again(request_id: int, *, by: User) -> ActionRequest:
    """Ask the other side what became of the action, and record its answer if it has one.

    Raises `NotFound`, `NotAllowed`, and `Conflict` when the outcome is known, when the action
    cannot be asked about, or when the other side does not know either.
    """
    request = await in_db(services.get_visible, request_id, by)
    action = actions.find(request.action)
    if (
        action is None
        or request.delivery != Delivery.RECONCILABLE
        or request.state is Status.ROLLBACK_UNKNOWN
    ):
        raise Conflict(_("The other system cannot be asked. Look there, and say what you found."))
    await in_db(_check, request, by)
    attempt = await prepared(action, request)
    found = await actions.reconcile(action, attempt.arguments, attempt.context)
    ending = endings.reconciled(found, endings.lost())
    if ending.status is Status.UNKNOWN:
        raise Conflict(_("The other system does not know either. Look there, and say so here."))
    return await in_db(_record, request_id, by, ending)


def _record(request_id: int, by: User, ending: Ending) -> ActionRequest:
    with transaction.atomic():
        request, person = _unknown(request_id, by)
        if request.state is not Status.UNKNOWN:
            raise Conflict(sentence_for(request, person))
        move(
            request,
            ending.status,
            result=ending.result,
            error_code=ending.code,
            error_text=ending.text,
        )
        happened = ending.status is Status.EXECUTED
        trace(
            AuditEvent.REQUEST_CHECKED,
            request,
            actor=person,
            happened=happened,
            reason=ending.text,
        )
    return request


def _unknown(request_id: int, by: User) -> tuple[ActionRequest, User]:
    request, person = ballots.locked(request_id, by)
    _check(request, person)
    return request, person


def _check(request: ActionRequest, person: User) -> None:
    if request.state not in FOUND:
        raise Conflict(sentence_for(request, person))
    if not may_check(request, person):
        raise NotAllowed(_("Only somebody who may decide this can say what became of it."))
