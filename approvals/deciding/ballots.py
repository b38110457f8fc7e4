"""The steps of a decision, taken on the locked row of one request inside a transaction."""

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals.cards.withholding import is_named_by, sentence_for
from approvals.deciding.delegation import Ballot, ballot_of
from approvals.enums import Decision, Status
from approvals.errors import Conflict
from approvals.models import ActionRequest, Vote
from approvals.moves import in_future, move
from approvals.rules.groups import step_at
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.accounts.roles import Scope
from atlas.audit.events import AuditEvent
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import NotAllowed, NotFound


def locked(request_id: int, by: User) -> tuple[ActionRequest, User]:
    """Lock the row and read it and the person anew; raises `NotFound` for who may not see it."""
    # Read again: an open socket may hold a person whose role was taken away meanwhile.
    person = User.objects.filter(pk=by.pk, is_active=True).first()
    if person is None:
        raise not_found()
    person.role, person.scopes = person.as_role.at_most(by.as_role), by.scopes
    rows = ActionRequest.objects.visible_to(person).select_for_update(of=("self",))
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise not_found()
    return request, person


def check_ballot(request: ActionRequest, voter: User, payload_hash: str) -> Ballot:
    """By which right `voter` decides.

    Raises `NotAllowed` for who may not decide, `Conflict` when there is nothing to decide.
    """
    check_scope(voter)
    ballot = ballot_of(request, voter)
    if not ballot.verdict.allowed:
        raise NotAllowed(ballot.verdict.sentence)
    if not is_named_by(request, payload_hash):
        raise Conflict(
            _("What you saw is not what this request asks for now. Read the card again."),
            code="payload_changed",
        )
    if request.state is not Status.PENDING:
        raise Conflict(sentence_for(request, voter))
    return ballot


def check_scope(person: User) -> None:
    """Raise `NotAllowed` for an API key that is not for decisions."""
    if Scope.DECIDE not in person.scopes:
        raise NotAllowed(_("This API key may not decide requests. Make one that may."))


def has_voted(request: ActionRequest, voter: User, decision: Decision, payload_hash: str) -> bool:
    """Whether this exact vote was cast before, so that a second click changes nothing."""
    return (
        is_named_by(request, payload_hash)
        and request.votes.filter(version=request.version, voter=voter, decision=decision).exists()
    )


def vote(request: ActionRequest, ballot: Ballot, decision: Decision, reason: str = "") -> None:
    """Write one vote down; the database refuses a second one of the same person or right."""
    Vote.objects.create(
        request=request,
        version=request.version,
        voter=ballot.voter,
        voter_name=str(ballot.voter),
        right_of=ballot.right_of,
        for_name=ballot.for_name,
        decision=decision,
        reason=reason,
    )


def cast_approval(request: ActionRequest, ballot: Ballot) -> None:
    """Count the approval of somebody who was found to be allowed, on a locked, waiting request."""
    vote(request, ballot, Decision.APPROVE)
    given = request.votes.filter(version=request.version, decision=Decision.APPROVE).count()
    trace(
        AuditEvent.REQUEST_APPROVED, request, actor=ballot.voter, approvals=given, **ballot.traced
    )
    if given < request.approvals_needed:
        _pass_on(request, given)
        announce(request)
        return
    close(request, Status.APPROVED, by=ballot, run_before=in_future(request.time_to_run))


def _pass_on(request: ActionRequest, given: int) -> None:
    """Let the next group decide, when so many approvals are all that this one has to give."""
    step = step_at(request.steps, given)
    if step is not None and step.group != request.turn:
        request.turn = step.group
        request.save(update_fields=["turn"])


def announce(request: ActionRequest) -> None:
    """Wake whoever shows the request, when more than its status has changed."""
    notify(Topic.APPROVALS, str(request.pk))


def close(request: ActionRequest, to: Status, *, by: User | Ballot, **changes: object) -> None:
    """Move the request by this decision of a person; raises `Conflict` when it is too late."""
    person, name = (by.voter, by.name) if isinstance(by, Ballot) else (by, str(by))
    decided = {"decided_at": Now(), "decided_by": person, "decided_by_name": name}
    if not move(request, to, **decided, **changes):
        raise Conflict(
            _("The time to decide is over, so nothing was done. Ask for it again."), code="expired"
        )


def not_found() -> NotFound:
    """What is said about a request that does not exist, or that one may not know of."""
    return NotFound(_("There is no such request, or you may not see it."))
