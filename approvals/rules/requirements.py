"""How strictly a request is decided: found from the policy, kept with the request, compared."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from uuid import UUID

from approvals.allow_rules import allowing
from approvals.allow_rules.allowances import Passing
from approvals.enums import Mode
from approvals.models import ActionRequest
from approvals.policies import Proposed, Requirements, requirements_of
from approvals.rules import installed
from approvals.rules.groups import cover
from approvals.rules.tightening import Facts
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.conversations.enums import Origin
from atlas.conversations.models import Run
from plugins_app.host.facets.actions import RegisteredAction

# What rules call a request to run a sensitive query, and how long there is to decide it.
QUERY = "query"
TIME_FOR_QUERIES = timedelta(hours=24)


def requirements_for(
    action: RegisteredAction,
    arguments: Mapping[str, object],
    requester: User,
    *,
    untrusted: bool,
    origin: Origin = Origin.CHAT,
    passing: Passing = Passing.NO,
) -> Requirements:
    """What the installed policy asks for, if `requester` proposed `action` at this moment.

    Unless `passing` says no, an allow rule of an admin decides where nothing stricter is asked.
    """
    spec = action.spec
    proposed = Proposed(
        declared=Mode(spec.default_approval),
        facts=Facts(spec.name, arguments, requester.as_role, spec.reversible, origin),
        is_untrusted=untrusted,
        allows_untrusted=spec.allow_auto_after_untrusted,
    )
    required = requirements_of(proposed, installed.current())
    if passing is Passing.NO:
        return required
    return allowing.passed(required, proposed, action, requester, passing)


def origin_of(run_id: UUID) -> Origin:
    """Which way the question of a run came."""
    return Origin(Run.objects.values_list("origin", flat=True).filter(pk=run_id).first() or "chat")


def query_requirements(
    arguments: Mapping[str, object],
    requester: User,
    *,
    admin_only: bool,
    origin: Origin = Origin.CHAT,
) -> Requirements:
    """What is asked of whoever decides about a sensitive query; rules tighten it as any other."""
    proposed = Proposed(
        declared=Mode.ADMIN_ONLY if admin_only else Mode.MANUAL,
        facts=Facts(QUERY, arguments, requester.as_role, is_reversible=False, origin=origin),
    )
    required = requirements_of(proposed, installed.current())
    return replace(required, time_to_decide=min(required.time_to_decide, TIME_FOR_QUERIES))


def rollback_requirements(
    undone: ActionRequest, role: Role, *, origin: Origin = Origin.CHAT
) -> Requirements:
    """What is asked before what a request did is undone: automatic when that is nothing.

    The rules look at the arguments of what was done, and at the `role` of who wants it undone.
    """
    proposed = Proposed(
        declared=Mode.AUTO,
        facts=Facts(undone.action, undone.arguments, role, is_reversible=True, origin=origin),
    )
    return requirements_of(proposed, installed.current().of_rollbacks)


def snapshot_of(requirements: Requirements) -> dict[str, object]:
    """The requirements as they are kept with a request, with what a card says about them."""
    steps = requirements.steps
    rule = requirements.allowed_by
    return {
        "allow_rule": None if rule is None else asdict(rule),
        "origin": requirements.origin.value,
        "steps": [{"group": step.group, "approvals": step.approvals} for step in steps],
        # Beside the steps, so that a query can compare it with whose turn it is.
        "last_group": steps[-1].group if steps else "",
        "declared": requirements.declared.value,
        "mode": requirements.mode.value,
        "two_person": requirements.two_person,
        "approvals": requirements.approvals,
        "time_to_run_s": requirements.time_to_run.total_seconds(),
        "reasons": list(requirements.reasons),
        "rules": list(requirements.rules),
        "admin_self_approval": installed.current().admin_self_approval,
    }


def is_satisfied(request: ActionRequest, now: Requirements) -> bool:
    """Whether what was asked of the deciders then is at least what is asked now."""
    return (
        now.mode.strictness <= Mode(request.mode).strictness
        and now.two_person <= request.is_two_person
        and now.approvals <= request.approvals_needed
        and cover(request.steps, now.steps)
        and (request.allow_rule_id is None or request.allow_rule_id == _passing(now))
    )


def _passing(now: Requirements) -> int | None:
    """The number of the allow rule that lets it pass at this moment."""
    is_passing = now.mode is Mode.AUTO and now.allowed_by is not None
    return now.allowed_by.id if is_passing and now.allowed_by else None
