"""The last look before an action runs: everything that was true at the decision must still be."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals import halting
from approvals.allow_rules.allowances import Passing
from approvals.deciding.delegation import may_still
from approvals.enums import Decision, Delivery, Mode, Status
from approvals.execution import holding
from approvals.execution.claims import Claim, release
from approvals.filing.payloads import digest_of
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.policies import Requirements
from approvals.rules.groups import step_at
from approvals.rules.requirements import is_satisfied, query_requirements, requirements_for
from approvals.services import lapse
from approvals.trail import trace
from atlas.audit.events import AuditEvent
from plugins_app.host.facets.actions import RegisteredAction

MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class Problem:
    """Why an approved request may not run: a stable code, and a sentence for people."""

    code: str
    text: str


def begin(claim: Claim, action: RegisteredAction, arguments_fit: bool) -> ActionRequest | None:
    """Commit the intent to run, and return the request; or let it lapse and return None.

    A request that was claimed just before an admin stopped everything, or that a freeze or a
    daily limit holds, is given back instead.
    After this returned a request, the action may have had its effect, whatever happens next.
    """
    return begin_if(claim, lambda request: problem_of(request, action, arguments_fit))


def begin_if(claim: Claim, look: Callable[[ActionRequest], Problem | None]) -> ActionRequest | None:
    """Begin a request of any kind as `begin` does, unless `look` finds a problem."""
    with transaction.atomic():
        request = held(claim)
        if request is None or request.state is not Status.APPROVED:
            return None
        if halting.is_in_force_for_good():
            release(claim)
            return None
        problem = look(request)
        if problem is not None:
            lapse(request, code=problem.code, text=problem.text)
            return None
        hold = holding.hold_on(request)
        if hold is not None:
            holding.put_off(request, hold)
            release(claim)
            return None
        if not move(request, Status.EXECUTING):
            lapse(request, code="too_late", text=_("It could not run in time."))
            return None
        trace(AuditEvent.REQUEST_EXECUTING, request, actor=None, attempt=request.attempts)
        return request


def give_up(claim: Claim, problem: Problem) -> None:
    """Let a claimed request lapse before it was begun."""
    with transaction.atomic():
        request = held(claim)
        if request is not None and request.state is Status.APPROVED:
            lapse(request, code=problem.code, text=problem.text)


def begin_again(claim: Claim, action: RegisteredAction | None) -> ActionRequest | None:
    """Count one more attempt with the same key; None when it may not be sent again."""
    with transaction.atomic():
        request = held(claim)
        if request is None or not _may_be_sent_again(request, action):
            return None
        if halting.is_in_force_for_good():
            return None
        ActionRequest.objects.filter(pk=request.pk).update(attempts=F("attempts") + 1)
        request.refresh_from_db()
        trace(AuditEvent.REQUEST_EXECUTING, request, actor=None, attempt=request.attempts)
        return request


def held(claim: Claim) -> ActionRequest | None:
    """Lock and return the claimed row while the lease lives; None when it was lost."""
    rows = ActionRequest.objects.select_for_update(of=("self",))
    return rows.filter(pk=claim.request_id, fence=claim.fence, lease_until__gt=Now()).first()


def problem_of(
    request: ActionRequest, action: RegisteredAction, arguments_fit: bool
) -> Problem | None:
    """The first thing that is not any more as it was when the request was approved."""
    return (
        problem_of_contract(request, action, arguments_fit)
        or problem_of_requester(request)
        or problem_of_deciders(request)
        or _problem_of_policy(request, action)
    )


def problem_of_query(request: ActionRequest) -> Problem | None:
    """What is not any more as it was when a query was approved; text and rules are the grant's."""
    problem = problem_of_payload(request)
    problem = problem or problem_of_requester(request) or problem_of_deciders(request)
    if problem is not None or request.requester is None:
        return problem
    now = query_requirements(
        request.arguments,
        request.requester,
        admin_only=bool(request.contract.get("admin_only")),
        origin=request.origin,
    )
    return problem_if_stricter(request, now)


def gone() -> Problem:
    return Problem("action_gone", _("The action is not available any more."))


def problem_of_contract(
    request: ActionRequest, action: RegisteredAction, arguments_fit: bool
) -> Problem | None:
    altered = problem_of_payload(request)
    if altered is not None:
        return altered
    if request.plugin_id != action.plugin_id or request.fingerprint != action.fingerprint:
        return Problem("action_changed", _("The action has changed since it was proposed."))
    if not arguments_fit:
        return Problem("bad_arguments", _("The action does not accept these values any more."))
    return None


def problem_of_payload(request: ActionRequest) -> Problem | None:
    if digest_of(request.payload) != request.payload_hash:
        return Problem("payload_changed", _("The stored request was altered."))
    return None


def problem_of_requester(request: ActionRequest) -> Problem | None:
    if request.requester is None or not request.requester.may_ask:
        return Problem(
            "requester_not_allowed", _("The person who asked may not ask for actions any more.")
        )
    return None


def problem_of_deciders(request: ActionRequest) -> Problem | None:
    if request.mode == Mode.AUTO:
        return None
    votes = request.votes.filter(version=request.version, decision=Decision.APPROVE)
    for given, vote in enumerate(votes.select_related("voter").order_by("id")):
        step = step_at(request.steps, given)
        if not may_still(request, vote, step.group if step is not None else ""):
            return Problem(
                "decider_not_allowed", _("The person who approved it may not decide any more.")
            )
    return None


def _problem_of_policy(request: ActionRequest, action: RegisteredAction) -> Problem | None:
    if request.requester is None:
        return None
    now = requirements_for(
        action,
        request.arguments,
        request.requester,
        untrusted=request.untrusted,
        origin=request.origin,
        passing=Passing.NO if request.allow_rule_id is None else Passing.YES,
    )
    return problem_if_stricter(request, now)


def problem_if_stricter(request: ActionRequest, now: Requirements) -> Problem | None:
    if is_satisfied(request, now):
        return None
    if request.allow_rule_id is not None:
        sentence = _("The rule that let it pass counts no more, or the policy is stricter now.")
        return Problem("rule_ended", sentence)
    return Problem("policy_changed", _("The approval policy has become stricter."))


def _may_be_sent_again(request: ActionRequest, action: RegisteredAction | None) -> bool:
    return (
        request.state is Status.EXECUTING
        and request.delivery == Delivery.IDEMPOTENT
        and request.attempts < MAX_ATTEMPTS
        and action is not None
        and (action.plugin_id, action.fingerprint) == (request.plugin_id, request.fingerprint)
    )
