"""Who may decide a request, and how strictly it is decided: pure rules, tested as whole tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from approvals.enums import Mode
from approvals.rules.escalation import Escalation
from approvals.rules.groups import Group, Step, joined, total
from approvals.rules.tightening import Facts, Origin, Rule, matching
from approvals.rules.windows import DailyLimit, Freeze
from atlas.accounts.roles import Role
from atlas.common.errors import AtlasError

MOST_NAME = 80


@dataclass(frozen=True)
class Policy:
    """What the operator sets for the whole installation.

    `modes` and `rules` can only tighten what an action declares. `rollbacks` are the rules for
    undoing what was done: where one that matches asks for somebody, the roll back is a request
    of its own, and where none does, whoever could decide the request undoes it. `groups` are
    those that the steps of rules name. Through `freezes` and `daily_limits` what is approved
    waits, and lapses when its time to run is over. `admin_self_approval` lets an admin decide an
    own admin-only request while there is no other active admin. Who may decide is reminded
    `remind_before` it expires. What still waits may be decided by the groups of `escalate_to` as
    well, one after the other, and after `escalate_after` by every admin; None switches the
    reminder or the admins off. Raises `AtlasError` for what cannot be meant.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    rollbacks: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    daily_limits: tuple[DailyLimit, ...] = ()
    admin_self_approval: bool = False
    time_to_decide: timedelta = timedelta(days=7)
    time_to_run: timedelta = timedelta(hours=1)
    remind_before: timedelta | None = timedelta(days=1)
    escalate_to: tuple[Escalation, ...] = ()
    escalate_after: timedelta | None = None

    def __post_init__(self) -> None:
        names = [group.name for group in self.groups]
        if any(not 0 < len(name) <= MOST_NAME for name in names):
            raise AtlasError("A group needs a name of at most 80 characters.", code="approvals")
        if len(set(names)) < len(names):
            raise AtlasError("Two groups of the policy have the same name.", code="approvals")
        for rule in (*self.rules, *self.rollbacks):
            _check_rule(rule, names)
        _check_escalation(self.escalate_to, self.escalate_after, names)

    @property
    def of_rollbacks(self) -> "Policy":
        """The same policy with what it asks of a roll back in the place of what it asks else."""
        return replace(self, modes={}, rules=self.rollbacks, rollbacks=())


def _check_rule(rule: Rule, groups: Sequence[str]) -> None:
    for step in rule.steps:
        if step.group not in groups:
            raise AtlasError(
                f"The rule “{rule.name}” names the group “{step.group}”, which the policy does "
                "not have. Add it to groups.",
                code="approvals",
            )
    if min([rule.approvals, *(step.approvals for step in rule.steps)]) < 1:
        raise AtlasError(f"The rule “{rule.name}” asks for less than one person.", code="approvals")


def _check_escalation(
    groups: Sequence[Escalation], admins: timedelta | None, names: Sequence[str]
) -> None:
    """The groups exist, each is asked once, and nobody before those that stand in front."""
    for one in groups:
        if one.group not in names:
            raise AtlasError(
                f"escalate_to names the group “{one.group}”, which the policy does not have. Add "
                "it to groups.",
                code="approvals",
            )
    times = [one.after for one in groups] + ([] if admins is None else [admins])
    if times != sorted(times) or len({one.group for one in groups}) < len(groups):
        raise AtlasError(
            "escalate_to asks one group after the other, each once, and escalate_after comes last.",
            code="approvals",
        )


@dataclass(frozen=True)
class Verdict:
    """Whether a person may decide, and the sentence that tells this person why."""

    allowed: bool
    sentence: str


@dataclass(frozen=True)
class Place:
    """How a person stands to one request.

    `turn` names the group whose step it is, where groups decide in steps; `is_in_turn` says that
    the person belongs to it, and `is_early` that another step follows. `is_escalated` when nobody
    decided for so long that every admin may, and `is_asked_next` when a group of the person's may.
    """

    is_participant: bool
    is_requester: bool
    other_admin_exists: bool
    is_two_person: bool = False
    has_approved: bool = False
    turn: str = ""
    is_in_turn: bool = False
    is_early: bool = False
    is_escalated: bool = False
    is_asked_next: bool = False


@dataclass(frozen=True)
class Proposed:
    """What the mode of a request is resolved from."""

    declared: Mode
    facts: Facts
    is_untrusted: bool = False
    allows_untrusted: bool = False


@dataclass(frozen=True)
class AllowedBy:
    """The allow rule that lets a request pass, as the request keeps it."""

    id: int
    name: str
    by: str


@dataclass(frozen=True)
class Requirements:
    """How a request is decided, and why it is stricter than the action declares, if it is.

    `is_asked_by_policy` says that the operator wants a person to look, whatever the action says.
    `allowed_by` is the allow rule that makes it automatic, or would have.
    """

    mode: Mode
    declared: Mode
    two_person: bool
    approvals: int
    time_to_decide: timedelta
    time_to_run: timedelta
    reasons: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    is_asked_by_policy: bool = False
    origin: Origin = Origin.CHAT
    allowed_by: AllowedBy | None = None

    @property
    def turn(self) -> str:
        """The group that decides first, where groups decide in steps."""
        return self.steps[0].group if self.steps else ""


def requirements_of(proposed: Proposed, policy: Policy) -> Requirements:
    """Tighten what the action declares by policy, rules and what the agent had read.

    Nothing loosens: each part is the strictest of all that apply. Two people, steps, or more
    than one approval make an automatic action a manual one.
    """
    rules = matching(policy.rules, proposed.facts)
    two_person = any(rule.two_person for rule in rules)
    approvals = max([1, *(rule.approvals for rule in rules)])
    steps = joined([step for rule in rules for step in rule.steps], approvals)
    modes = [policy.modes.get(proposed.facts.action), *(rule.mode for rule in rules)]
    if two_person or approvals > 1 or steps:
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
        approvals=total(steps) or approvals,
        time_to_decide=_shortest(policy.time_to_decide, [rule.time_to_decide for rule in rules]),
        time_to_run=_shortest(policy.time_to_run, [rule.time_to_run for rule in rules]),
        reasons=tuple(reasons),
        rules=tuple(rule.name for rule in rules),
        steps=steps,
        is_asked_by_policy=any(one not in (None, Mode.AUTO) for one in modes),
        origin=proposed.facts.origin,
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
    is_for_any_admin = _is_for_any_admin(role, place)
    if place.turn and not (place.is_in_turn or is_for_any_admin or _is_next(place)):
        return Verdict(False, _("Now the group “%(group)s” decides.") % {"group": place.turn})
    if mode is Mode.MANUAL and is_for_any_admin:
        return Verdict(True, _("Nobody has decided for long, so you can as an admin."))
    if mode is Mode.MANUAL:
        return _may_decide_manual(place)
    if place.is_early and role is not Role.ADMIN:
        return _may_decide_early(place)
    return _may_decide_admin_only(role, place, admin_self_approval)


def _is_for_any_admin(role: Role, place: Place) -> bool:
    return place.is_escalated and role is Role.ADMIN and not place.is_requester


def _is_next(place: Place) -> bool:
    return place.is_asked_next and not place.is_requester


def _may_decide_manual(place: Place) -> Verdict:
    if place.is_two_person and place.is_requester:
        return Verdict(False, _("You asked for this, so somebody else has to decide."))
    if place.turn or _is_next(place):
        return _in_turn(place)
    if place.is_participant:
        return Verdict(True, _("You take part in this conversation, so you can decide."))
    return Verdict(False, _("Only people who take part in the conversation can decide."))


def _may_decide_early(place: Place) -> Verdict:
    """A step before the one in which an admin decides what is for admins only."""
    if place.is_requester:
        return Verdict(False, _("You asked for this, so somebody else has to decide."))
    return _in_turn(place)


def _in_turn(place: Place) -> Verdict:
    if _is_next(place) and not place.is_in_turn:
        return Verdict(True, _("Nobody has decided for long, so a group of yours is asked too."))
    sentence = _("You belong to the group “%(group)s”, so you can decide.")
    return Verdict(True, sentence % {"group": place.turn})


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
