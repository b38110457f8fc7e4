"""Who may decide a request, and how strictly it is decided: pure rules, tested as whole tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from approvals.enums import Mode
from approvals.rules import Facts, Rule, matching
from atlas.accounts.roles import Role


@dataclass(frozen=True)
class Policy:
    """What the operator sets for the whole installation.

    `modes` and `rules` can only tighten what an action declares. `admin_self_approval` lets an
    admin decide an own admin-only request while there is no other active admin.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    admin_self_approval: bool = False
    time_to_decide: timedelta = timedelta(days=7)
    time_to_run: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class Verdict:
    """Whether a person may decide, and the sentence that tells this person why."""

    allowed: bool
    sentence: str


@dataclass(frozen=True)
class Place:
    """How a person stands to one request."""

    is_participant: bool
    is_requester: bool
    other_admin_exists: bool
    is_two_person: bool = False
    has_approved: bool = False


@dataclass(frozen=True)
class Proposed:
    """What the mode of a request is resolved from."""

    declared: Mode
    facts: Facts
    is_untrusted: bool = False
    allows_untrusted: bool = False


@dataclass(frozen=True)
class Requirements:
    """How a request is decided, and why it is stricter than the action declares, if it is."""

    mode: Mode
    declared: Mode
    two_person: bool
    approvals: int
    time_to_decide: timedelta
    time_to_run: timedelta
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def requirements_of(proposed: Proposed, policy: Policy) -> Requirements:
    """Tighten what the action declares by policy, rules and what the agent had read.

    Nothing loosens: each part is the strictest of all that apply. Two people, or more than one
    approval, make an automatic action a manual one.
    """
    rules = matching(policy.rules, proposed.facts)
    two_person = any(rule.two_person for rule in rules)
    approvals = max([1, *(rule.approvals for rule in rules)])
    modes = [policy.modes.get(proposed.facts.action), *(rule.mode for rule in rules)]
    if two_person or approvals > 1:
        modes.append(Mode.MANUAL)
    mode, reasons = _strictest(proposed.declared, modes), []
    if mode is not proposed.declared:
        reasons.append("policy")
    if mode is Mode.AUTO and proposed.is_untrusted and not proposed.allows_untrusted:
        mode = Mode.MANUAL
        reasons.append("untrusted")
    return Requirements(
        mode=mode,
        declared=proposed.declared,
        two_person=two_person,
        approvals=approvals,
        time_to_decide=_shortest(policy.time_to_decide, [rule.time_to_decide for rule in rules]),
        time_to_run=_shortest(policy.time_to_run, [rule.time_to_run for rule in rules]),
        reasons=tuple(reasons),
        rules=tuple(rule.name for rule in rules),
    )


def _strictest(declared: Mode, others: Sequence[Mode | None]) -> Mode:
    modes = [declared, *(mode for mode in others if mode is not None)]
    return max(modes, key=lambda mode: mode.strictness)


def _shortest(usual: timedelta, others: Sequence[timedelta | None]) -> timedelta:
    return min([usual, *(span for span in others if span is not None)])


def may_decide(
    mode: Mode, role: Role, place: Place, *, admin_self_approval: bool = False
) -> Verdict:
    """Whether a person with `role` at `place` may approve or reject in `mode`."""
    if mode is Mode.AUTO:
        return Verdict(False, _("The policy of this action decides; nobody is asked."))
    if role is Role.VIEWER:
        return Verdict(False, _("Viewers can read requests, but not decide them."))
    if place.has_approved:
        return Verdict(False, _("You have approved it; more people have to."))
    if mode is Mode.MANUAL:
        return _may_decide_manual(place)
    return _may_decide_admin_only(role, place, admin_self_approval)


def _may_decide_manual(place: Place) -> Verdict:
    if place.is_two_person and place.is_requester:
        return Verdict(False, _("You asked for this, so somebody else has to decide."))
    if place.is_participant:
        return Verdict(True, _("You take part in this conversation, so you can decide."))
    return Verdict(False, _("Only people who take part in the conversation can decide."))


def _may_decide_admin_only(role: Role, place: Place, admin_self_approval: bool) -> Verdict:
    if role is not Role.ADMIN:
        return Verdict(False, _("Only an admin can decide this request."))
    if not place.is_requester:
        return Verdict(True, _("You are an admin and did not ask for this, so you can decide."))
    if place.other_admin_exists:
        return Verdict(False, _("You asked for this, so another admin has to decide."))
    if admin_self_approval and not place.is_two_person:
        return Verdict(
            True, _("You are the only admin, and this installation lets you decide for yourself.")
        )
    return Verdict(
        False,
        _(
            "You asked for this and there is no other admin. Make a second person admin, or set "
            "approvals.admin_self_approval."
        ),
    )
