"""Why a request is decided the way it is: the rules that hold, who may decide, what holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals import halting
from approvals.allow_rules.allowances import bar_of
from approvals.deciding.deciders import Decider, people_deciding
from approvals.deciding.delegation import ballot_of
from approvals.enums import Kind, Mode, Status
from approvals.execution import holding
from approvals.models import ActionRequest
from approvals.policies import Policy, Proposed, Requirements, Verdict, requirements_of
from approvals.rules import installed
from approvals.rules.groups import steps_in_words
from approvals.rules.requirements import QUERY, is_satisfied
from approvals.rules.tightening import Facts, Rule, covers, misfits
from approvals.rules.windows import frozen
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.common.clock import database_now
from plugins_app.host.facets import actions

# Only the distance from it is told.
A_MOMENT = datetime(2026, 1, 1)


@dataclass(frozen=True)
class RuleLine:
    """One rule of the policy: what it asks for, and why it does not hold where it does not."""

    name: str
    asks: str
    because: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.because


@dataclass(frozen=True)
class DeciderLine:
    """Somebody who may decide, and why."""

    name: str
    because: str


@dataclass(frozen=True)
class Tried:
    """What another person would meet: on the card, and if that person had asked."""

    person: User
    may_see: bool
    verdict: Verdict
    required: Requirements
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """The request by the policy of this moment, and what was kept with it when it was asked."""

    request: ActionRequest
    required: Requirements
    rules: tuple[RuleLine, ...]
    deciders: tuple[DeciderLine, ...]
    verdict: Verdict
    holds: tuple[str, ...]
    allowed: str

    @property
    def declared(self) -> str:
        """How the action itself asks to be decided."""
        if self.request.kind == Kind.ROLLBACK:
            return _("no approval of a roll back")
        return str(Mode(self.required.declared).label)

    @property
    def mode(self) -> str:
        return self.request.mode_words

    @property
    def is_waiting(self) -> bool:
        return self.request.state is Status.PENDING

    @property
    def is_stricter_now(self) -> bool:
        """Whether the policy of this moment asks for more than its decision would give."""
        if self.request.state not in {Status.PENDING, Status.APPROVED}:
            return False
        if self.request.allow_rule_id is not None:
            return bar_of(self.required) is not None
        return not is_satisfied(self.request, self.required)


def explain(request: ActionRequest, viewer: User) -> Explanation:
    """Explain a request to somebody who may see its card; admins see all rules of the policy."""
    policy = _policy_for(request)
    role = _role_of(request.requester)
    facts = facts_of(request, role)
    rules = tuple(_line(rule, facts) for rule in policy.rules)
    required = _required(request, role, policy)
    return Explanation(
        request=request,
        required=required,
        rules=rules if viewer.is_atlas_admin else tuple(line for line in rules if line.holds),
        deciders=tuple(_because(one, request) for one in _deciders(request)),
        verdict=ballot_of(request, viewer).verdict,
        holds=tuple(_holds(request, policy)),
        allowed=_allowed(request, required),
    )


def try_as(request: ActionRequest, person: User) -> Tried:
    """What `person` would meet; only admins are shown it."""
    required = _required(request, person.as_role, _policy_for(request))
    return Tried(
        person=person,
        may_see=ActionRequest.objects.visible_to(person).filter(pk=request.pk).exists(),
        verdict=ballot_of(request, person).verdict,
        required=required,
        rules=required.rules,
    )


def required_now(request: ActionRequest) -> Requirements:
    """What the policy of this moment asks for what the request asks for."""
    return _required(request, _role_of(request.requester), _policy_for(request))


def _policy_for(request: ActionRequest) -> Policy:
    """The installed policy, with its rules for roll backs where it is about one."""
    policy = installed.current()
    return policy.of_rollbacks if request.kind == Kind.ROLLBACK else policy


def facts_of(request: ActionRequest, role: Role) -> Facts:
    """What rules look at, as if somebody with `role` had asked for the stored request."""
    return Facts(
        action=QUERY if request.kind == Kind.QUERY else request.action,
        arguments=request.arguments,
        role=role,
        is_reversible=request.kind == Kind.ROLLBACK or bool(request.contract.get("reversible")),
        origin=request.origin,
    )


def _required(request: ActionRequest, role: Role, policy: Policy) -> Requirements:
    action = actions.find(request.action)
    proposed = Proposed(
        declared=Mode(request.policy.get("declared", request.mode)),
        facts=facts_of(request, role),
        is_untrusted=request.untrusted,
        allows_untrusted=action is not None and action.spec.allow_auto_after_untrusted,
    )
    return requirements_of(proposed, policy)


def _role_of(requester: User | None) -> Role:
    """Of somebody who is gone, the least that could have asked."""
    return requester.as_role if requester is not None else Role.ANALYST


def _line(rule: Rule, facts: Facts) -> RuleLine:
    return RuleLine(rule.name, "; ".join(_asks(rule)) or _("nothing"), misfits(rule, facts))


def _asks(rule: Rule) -> Iterable[str]:
    if rule.mode is not None:
        yield str(_("decided %(mode)s")) % {"mode": rule.mode.label}
    if rule.two_person:
        yield _("by somebody else than who asked")
    if rule.approvals > 1:
        yield ngettext("%(count)s approval", "%(count)s approvals", rule.approvals) % {
            "count": rule.approvals
        }
    if rule.steps:
        yield steps_in_words(rule.steps)
    if rule.time_to_decide is not None:
        yield _("decided within %(span)s") % {"span": _span(rule.time_to_decide)}
    if rule.time_to_run is not None:
        yield _("begun within %(span)s") % {"span": _span(rule.time_to_run)}


def _allowed(request: ActionRequest, required: Requirements) -> str:
    """What allow rules have to do with it, in a sentence."""
    if request.kind == Kind.QUERY:
        return _("No allow rule decides about queries.")
    if request.kind == Kind.ROLLBACK:
        return _("No allow rule decides about roll backs.")
    rule: dict[str, str] | None = request.policy.get("allow_rule")
    if rule and request.allow_rule_id is not None:
        return _("The rule “%(name)s” of %(by)s let it pass.") % rule
    if rule:
        return _("The rule “%(name)s” of %(by)s fits, but data that was read kept it.") % rule
    bar = bar_of(required)
    return str(bar.label) if bar is not None else _("No rule fitted when it was asked for.")


def _deciders(request: ActionRequest) -> list[Decider]:
    return people_deciding([request]).get(request.pk, [])


def _because(decider: Decider, request: ActionRequest) -> DeciderLine:
    if decider.for_name:
        because = _("stands in for %(name)s, who is away") % {"name": decider.for_name}
    elif decider.asked_next:
        because = _("belongs to the group “%(group)s”, and nobody has decided for long") % {
            "group": decider.asked_next
        }
    elif decider.is_escalated:
        because = _("is an admin, and nobody has decided for long")
    elif request.turn:
        because = _("belongs to the group “%(group)s”") % {"group": request.turn}
    elif request.mode == Mode.ADMIN_ONLY:
        because = _("is an admin and did not ask for it")
    else:
        because = _("takes part in the conversation")
    return DeciderLine(str(decider.person), because)


def _holds(request: ActionRequest, policy: Policy) -> Iterable[str]:
    """What would keep it from beginning at this moment, and how far daily limits are."""
    if request.kind == Kind.QUERY or not request.state.is_open:
        return
    if (order := halting.in_force()) is not None:
        yield _("An admin has stopped everything: “%(reason)s”.") % {"reason": order.reason}
    now = database_now()
    is_undoing = request.kind == Kind.ROLLBACK
    found = frozen(policy.freezes, request.action, now, undoing=is_undoing)
    if found is not None:
        yield holding.freeze_sentence(*found, undoing=is_undoing)
    for limit in policy.daily_limits if request.kind == Kind.ACTION else ():
        if covers(limit.actions, request.action):
            numbers = {"used": holding.used_today(limit, request, now), "most": limit.most}
            yield _("%(used)s of at most %(most)s have begun today.") % numbers


def _span(span: timedelta) -> str:
    return timesince(A_MOMENT, A_MOMENT + span)
