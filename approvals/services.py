"""The door to decisions: every rule is checked here, so that no caller can forget one."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals.cards.sentences import closing_sentence
from approvals.cards.withholding import sentence_for
from approvals.deciding import ballots
from approvals.enums import Decision, Status
from approvals.errors import Conflict
from approvals.execution import holding
from approvals.filing.proposals import Outcome
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.trail import trace
from approvals.transitions import WITHDRAWABLE
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.jsonable import clean_text

MAX_REASON = 1000


def approve(request_id: int, *, by: User, payload_hash: str) -> ActionRequest:
    """Approve exactly what `payload_hash` names; the executor carries it out.

    Where several people must approve, it waits until the last of them did. A second click of the
    same person changes nothing. Raises `NotFound` for who may not see the
    request, `NotAllowed` for who may not decide it, `Conflict` when the hash does not fit or the
    request does not wait any more.
    """
    with transaction.atomic():
        request, voter = ballots.locked(request_id, by)
        if ballots.has_voted(request, voter, Decision.APPROVE, payload_hash):
            return request
        ballots.cast_approval(request, ballots.check_ballot(request, voter, payload_hash))
    return request


def reject(request_id: int, *, by: User, payload_hash: str, reason: str) -> ActionRequest:
    """Reject a request, so that it never runs; the agent and the asker read the reason.

    Raises as `approve` does, and `BadInput` for a missing reason or one above 1,000 characters.
    """
    reason = _usable_reason(reason)
    with transaction.atomic():
        request, voter = ballots.locked(request_id, by)
        if ballots.has_voted(request, voter, Decision.REJECT, payload_hash):
            return request
        ballot = ballots.check_ballot(request, voter, payload_hash)
        ballots.vote(request, ballot, Decision.REJECT, reason)
        ballots.close(request, Status.REJECTED, by=ballot, reason=reason)
        trace(AuditEvent.REQUEST_REJECTED, request, actor=voter, reason=reason, **ballot.traced)
    return request


def withdraw(request_id: int, *, by: User) -> ActionRequest:
    """Take an own request back while it has not begun to run.

    Raises `NotFound`, `NotAllowed` for anybody but the requester, `Conflict` when it is too late.
    """
    with transaction.atomic():
        request, person = ballots.locked(request_id, by)
        ballots.check_scope(person)
        if request.requester_id != person.pk:
            raise NotAllowed(
                _("Only who asked for this can withdraw it. Reject it if you may decide.")
            )
        if request.state is Status.WITHDRAWN:
            return request
        if request.state not in WITHDRAWABLE:
            raise Conflict(sentence_for(request, person))
        ballots.close(request, Status.WITHDRAWN, by=person)
        trace(AuditEvent.REQUEST_WITHDRAWN, request, actor=person)
    return request


def withdraw_of_conversation(conversation_id: UUID) -> None:
    """Withdraw what waits in a conversation that is being deleted, in that transaction."""
    waiting = ActionRequest.objects.filter(conversation_id=conversation_id, status__in=WITHDRAWABLE)
    ids = list(waiting.select_for_update().values_list("pk", flat=True))
    # Cut off from the conversation first: a follow-up run must not be queued in what goes away.
    cut_off = ActionRequest.objects.filter(pk__in=ids)
    cut_off.update(conversation=None, question=None, origin_run=None)
    for request in cut_off:
        move(
            request,
            Status.WITHDRAWN,
            decided_at=Now(),
            decided_by_name="Atlas",
            reason=_("The conversation was deleted."),
        )
        trace(
            AuditEvent.REQUEST_WITHDRAWN,
            request,
            actor=None,
            reason="conversation deleted",
            conversation=str(conversation_id),
        )


def sweep(limit: int = 100) -> int:
    """End what nobody decided or carried out in time; returns how many requests it ended."""
    too_late = Q(status=Status.PENDING, expires_at__lte=Now()) | Q(
        status=Status.APPROVED, run_before__lte=Now()
    )
    overdue = ActionRequest.objects.filter(too_late).order_by("id")
    return sum(_end_overdue(pk) for pk in list(overdue.values_list("pk", flat=True)[:limit]))


def lapse(request: ActionRequest, *, code: str, text: str) -> bool:
    """Give an approved request up before it ran; call it inside a transaction."""
    moved = move(request, Status.LAPSED, error_code=code, error_text=text)
    if moved:
        trace(AuditEvent.REQUEST_LAPSED, request, actor=None, code=code, reason=text)
    return moved


def outcomes_of_run(run_id: UUID) -> list[Outcome]:
    """What became of everything that one run proposed, in the order of the proposals.

    A version that was replaced is left out: the one that replaced it tells the whole story.
    """
    final = ActionRequest.objects.of_run(run_id).exclude(status=Status.SUPERSEDED)
    return [outcome_of(request) for request in final]


def outcome_of(request: ActionRequest) -> Outcome:
    """What the agent and the chat are told of a request."""
    return Outcome(request.pk, request.action, request.state, closing_sentence(request))


def pending_count(user: User) -> int:
    """How many requests wait for a decision that `user` may make."""
    return ActionRequest.objects.decidable_by(user).count()


def get_visible(request_id: int, user: User) -> ActionRequest:
    """Return the request; raises `NotFound` for who may not know that it exists."""
    request = ActionRequest.objects.visible_to(user).filter(pk=request_id).first()
    if request is None:
        raise ballots.not_found()
    return request


def _end_overdue(pk: int) -> int:
    with transaction.atomic():
        request = ActionRequest.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if request is None:
            return 0
        if request.state is Status.APPROVED:
            # A person reads it on the card, so it says what happened and not which limit it hit.
            return int(lapse(request, code="too_late", text=holding.too_late(request)))
        if request.state is not Status.PENDING or not move(request, Status.EXPIRED):
            return 0
        trace(AuditEvent.REQUEST_EXPIRED, request, actor=None)
        return 1


def _usable_reason(reason: str) -> str:
    reason = clean_text(reason).strip()
    if not any(letter.isalnum() for letter in reason):
        raise BadInput(_("Say why you reject it; the person who asked will read it."))
    if len(reason) > MAX_REASON:
        raise BadInput(_("The reason is too long. Use at most 1,000 characters."))
    return reason
