"""The last look before what was done is undone, with an approval of its own or without."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals import halting
from approvals.deciding.standing import has_right_to_undo, place_of
from approvals.enums import Mode, Status
from approvals.errors import Conflict
from approvals.execution import holding, preflight
from approvals.execution.claims import Claim, release
from approvals.execution.preflight import Problem
from approvals.filing.rollbacks import fingerprint_of, payload_of
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.rules.requirements import rollback_requirements
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.conversations.enums import Origin
from plugins_app.host.facets import actions
from plugins_app.host.facets.actions import RegisteredAction


def begin_approved(claim: Claim) -> None:
    """Let an approved request undo what it names: both move together, or neither does.

    What is undone is then claimed itself, and its end is the end of this request. Where anything
    is not any more as it was at the approval, this request lapses and nothing else changes.
    """
    with transaction.atomic():
        request = preflight.begin_if(claim, _problem_of_approved)
        if request is None:
            return
        undone = _undone_by(request)
        if not move(undone, Status.ROLLING_BACK):
            raise Conflict(_("What would be undone has changed."))
        trace(AuditEvent.REQUEST_ROLLING_BACK, undone, actor=None, approved_by=request.pk)


def begin_undo(claim: Claim, action: RegisteredAction) -> ActionRequest | Problem | None:
    """The last look before the plugin is called; None in a halt, a freeze, or without the lease.

    In both the row is given back, unless an earlier holder may have begun.
    """
    with transaction.atomic():
        request = preflight.held(claim)
        if request is None:
            return None
        if halting.is_in_force_for_good():
            if not claim.is_resumed:
                release(claim, Status.ROLLING_BACK)
            return None
        problem = preflight.problem_of_contract(request, action, arguments_fit=True)
        problem = problem or _problem_of_right(request)
        if problem is not None:
            return problem
        return None if _is_put_off(claim, request) else request


def _is_put_off(claim: Claim, undone: ActionRequest) -> bool:
    """Whether a freeze holds the roll back; then the row is given back as during a halt."""
    hold = holding.hold_on(undone)
    if hold is None:
        holding.let_go(undone)
        return False
    holding.put_off(undone, hold)
    if not claim.is_resumed:
        release(claim, Status.ROLLING_BACK)
    return True


def _problem_of_right(undone: ActionRequest) -> Problem | None:
    """Whether who asked for the roll back, and who approved it, may still have it."""
    asked = undone.rollback_requests.filter(status=Status.EXECUTING).first()
    if asked is not None:
        # Since both began a stop order or a freeze may have held them for days.
        return (
            _problem_of_asker(asked, undone)
            or preflight.problem_of_deciders(asked)
            or _problem_of_policy(asked, undone)
        )
    asker = User.objects.filter(pk=undone.undo_asked.get("by"), is_active=True).first()
    # A server of the version before did not write down who asked: then the least role counts.
    if undone.undo_asked and not _may_ask(asker, undone):
        return _asker_may_not()
    role = asker.as_role if asker else Role.ANALYST
    origin = Origin(undone.undo_asked.get("origin", Origin.CHAT))
    now = rollback_requirements(undone, role, origin=origin)
    return None if now.mode is Mode.AUTO else _stricter()


def _problem_of_approved(request: ActionRequest) -> Problem | None:
    undone = _undone_by(request)
    return (
        preflight.problem_of_payload(request)
        or _problem_of_undone(request, undone)
        or _problem_of_asker(request, undone)
        or preflight.problem_of_deciders(request)
        or _problem_of_policy(request, undone)
    )


def _undone_by(request: ActionRequest) -> ActionRequest:
    rows = ActionRequest.objects.select_for_update(of=("self",))
    return rows.get(rollback_requests=request)


def _problem_of_undone(request: ActionRequest, undone: ActionRequest) -> Problem | None:
    is_the_same = (payload_of(undone).digest, fingerprint_of(undone)) == (
        request.payload_hash,
        request.fingerprint,
    )
    if undone.state is not Status.EXECUTED or not is_the_same:
        return Problem("undone_changed", _("What would be undone has changed since."))
    action = actions.find(undone.action)
    if action is None or not action.spec.reversible:
        return preflight.gone()
    return preflight.problem_of_contract(undone, action, arguments_fit=True)


def _problem_of_asker(request: ActionRequest, undone: ActionRequest) -> Problem | None:
    return None if _may_ask(request.requester, undone) else _asker_may_not()


def _may_ask(person: User | None, undone: ActionRequest) -> bool:
    if person is None or not person.is_active:
        return False
    return has_right_to_undo(place_of(undone, person), undone, person)


def _problem_of_policy(request: ActionRequest, undone: ActionRequest) -> Problem | None:
    if request.requester is None:
        return _asker_may_not()
    role = request.requester.as_role
    now = rollback_requirements(undone, role, origin=request.origin)
    return preflight.problem_if_stricter(request, now)


def _asker_may_not() -> Problem:
    return Problem(
        "requester_not_allowed", _("Who asked for the roll back may not have it undone any more.")
    )


def _stricter() -> Problem:
    return Problem(
        "policy_changed", _("The policy asks for an approval of its own for this roll back now.")
    )
