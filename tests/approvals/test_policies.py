"""Who may decide, and in which mode: every row of both tables."""

import itertools

import pytest

from approvals.enums import Mode
from approvals.policies import Place, may_decide, resolve_mode
from atlas.accounts.roles import Role

BOTH = (False, True)

BY_POLICY = "The policy of this action decides; nobody is asked."
VIEWER = "Viewers can read requests, but not decide them."
PARTICIPANT = "You take part in this conversation, so you can decide."
STRANGER = "Only people who take part in the conversation can decide."
NO_ADMIN = "Only an admin can decide this request."
ADMIN = "You are an admin and did not ask for this, so you can decide."
OTHER_ADMIN = "You asked for this, so another admin has to decide."
ONLY_ADMIN = "You are the only admin, and this installation lets you decide for yourself."
NOBODY = (
    "You asked for this and there is no other admin. Make a second person admin, or set "
    "approvals.admin_self_approval."
)


def expected(mode, role, place, self_approval):
    """The rules once more, as a decision list in the words of the design."""
    if mode is Mode.AUTO:
        return (False, BY_POLICY)
    if role is Role.VIEWER:
        return (False, VIEWER)
    if mode is Mode.MANUAL:
        return (True, PARTICIPANT) if place.is_participant else (False, STRANGER)
    if role is Role.ANALYST:
        return (False, NO_ADMIN)
    rows = {
        (False, False): (True, ADMIN),
        (False, True): (True, ADMIN),
        (True, True): (False, OTHER_ADMIN),
        (True, False): (True, ONLY_ADMIN) if self_approval else (False, NOBODY),
    }
    return rows[place.is_requester, place.other_admin_exists]


@pytest.mark.parametrize(
    ("mode", "role", "participant", "requester", "other_admin", "self_approval"),
    list(itertools.product(Mode, Role, BOTH, BOTH, BOTH, BOTH)),
)
def test_may_decide(mode, role, participant, requester, other_admin, self_approval):
    place = Place(participant, requester, other_admin)

    verdict = may_decide(mode, role, place, admin_self_approval=self_approval)

    assert (verdict.allowed, verdict.sentence) == expected(mode, role, place, self_approval)


@pytest.mark.parametrize(
    ("mode", "role", "place", "allowed"),
    [
        (Mode.MANUAL, Role.ANALYST, Place(True, True, True), True),
        (Mode.MANUAL, Role.ADMIN, Place(True, False, True), True),
        (Mode.MANUAL, Role.ADMIN, Place(False, False, True), False),
        (Mode.MANUAL, Role.VIEWER, Place(True, False, True), False),
        (Mode.ADMIN_ONLY, Role.ADMIN, Place(False, False, False), True),
        (Mode.ADMIN_ONLY, Role.ADMIN, Place(True, True, True), False),
        (Mode.ADMIN_ONLY, Role.ANALYST, Place(True, False, True), False),
        (Mode.AUTO, Role.ADMIN, Place(True, False, True), False),
    ],
)
def test_the_cases_people_ask_about(mode, role, place, allowed):
    assert may_decide(mode, role, place).allowed is allowed


A, M, X = Mode.AUTO, Mode.MANUAL, Mode.ADMIN_ONLY


@pytest.mark.parametrize("allows_untrusted", BOTH)
@pytest.mark.parametrize("untrusted", BOTH)
@pytest.mark.parametrize(
    ("declared", "policy", "trusted_mode", "reasons"),
    [
        (A, None, A, ()),
        (A, A, A, ()),
        (A, M, M, ("policy",)),
        (A, X, X, ("policy",)),
        (M, None, M, ()),
        (M, A, M, ()),
        (M, M, M, ()),
        (M, X, X, ("policy",)),
        (X, None, X, ()),
        (X, A, X, ()),
        (X, M, X, ()),
        (X, X, X, ()),
    ],
)
def test_resolve_mode(declared, policy, trusted_mode, reasons, untrusted, allows_untrusted):
    resolved = resolve_mode(
        declared, policy_mode=policy, is_untrusted=untrusted, allows_untrusted=allows_untrusted
    )

    distrusts = trusted_mode is Mode.AUTO and untrusted and not allows_untrusted
    assert resolved.mode is (Mode.MANUAL if distrusts else trusted_mode)
    assert resolved.reasons == (("untrusted",) if distrusts else reasons)
    assert resolved.declared is declared


@pytest.mark.parametrize(("declared", "policy"), list(itertools.product(Mode, [None, *Mode])))
def test_policy_never_loosens(declared, policy):
    resolved = resolve_mode(declared, policy_mode=policy, is_untrusted=False, allows_untrusted=True)

    assert resolved.mode.strictness >= declared.strictness
