"""Who may decide a request, and how strictly it is decided: pure rules, tested as whole tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from approvals.enums import Mode
from atlas.accounts.roles import Role


@dataclass(frozen=True)
class Policy:
    """What the operator sets for the whole installation.

    `modes` can only tighten what an action declares. `admin_self_approval` lets an admin decide
    an own admin-only request while there is no other active admin.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
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


@dataclass(frozen=True)
class ResolvedMode:
    """The mode that counts, and why it is stricter than the declared one, if it is."""

    mode: Mode
    declared: Mode
    reasons: tuple[str, ...] = ()


def resolve_mode(
    declared: Mode, *, policy_mode: Mode | None, is_untrusted: bool, allows_untrusted: bool
) -> ResolvedMode:
    """Tighten `declared` by policy and by what the agent had read; never loosen it."""
    mode, reasons = declared, []
    if policy_mode is not None and policy_mode.strictness > mode.strictness:
        mode = policy_mode
        reasons.append("policy")
    if mode is Mode.AUTO and is_untrusted and not allows_untrusted:
        mode = Mode.MANUAL
        reasons.append("untrusted")
    return ResolvedMode(mode, declared, tuple(reasons))


def may_decide(
    mode: Mode, role: Role, place: Place, *, admin_self_approval: bool = False
) -> Verdict:
    """Whether a person with `role` at `place` may approve or reject in `mode`."""
    if mode is Mode.AUTO:
        return Verdict(False, _("The policy of this action decides; nobody is asked."))
    if role is Role.VIEWER:
        return Verdict(False, _("Viewers can read requests, but not decide them."))
    if mode is Mode.MANUAL:
        return _may_decide_manual(place)
    return _may_decide_admin_only(role, place, admin_self_approval)


def _may_decide_manual(place: Place) -> Verdict:
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
    if admin_self_approval:
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
