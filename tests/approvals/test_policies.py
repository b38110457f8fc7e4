"""Who may decide, and in which mode: every row of both tables."""

import itertools
from datetime import timedelta

import pytest

from approvals.enums import Mode
from approvals.policies import Place, Policy, Proposed, may_decide, requirements_of
from approvals.rules import Facts, Rule
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


SOMEBODY_ELSE = "You asked for this, so somebody else has to decide."
MORE_PEOPLE = "You have approved it; more people have to."


def expected(mode, role, place, self_approval):
    """The rules once more, as a decision list in the words of the design."""
    if mode is Mode.AUTO:
        return (False, BY_POLICY)
    if role is Role.VIEWER:
        return (False, VIEWER)
    if place.has_approved:
        return (False, MORE_PEOPLE)
    if mode is Mode.MANUAL and place.is_two_person and place.is_requester:
        return (False, SOMEBODY_ELSE)
    if mode is Mode.MANUAL:
        return (True, PARTICIPANT) if place.is_participant else (False, STRANGER)
    if role is Role.ANALYST:
        return (False, NO_ADMIN)
    rows = {
        (False, False): (True, ADMIN),
        (False, True): (True, ADMIN),
        (True, True): (False, OTHER_ADMIN),
        (True, False): (
            (True, ONLY_ADMIN) if self_approval and not place.is_two_person else (False, NOBODY)
        ),
    }
    return rows[place.is_requester, place.other_admin_exists]


@pytest.mark.parametrize(
    ("mode", "role", "standing", "self_approval"),
    list(itertools.product(Mode, Role, itertools.product(BOTH, repeat=5), BOTH)),
)
def test_may_decide(mode, role, standing, self_approval):
    place = Place(*standing)

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


def required(declared, policy, *, untrusted=False, allows_untrusted=False):
    facts = Facts("pay", {}, Role.ANALYST, is_reversible=False)
    return requirements_of(Proposed(declared, facts, untrusted, allows_untrusted), policy)


@pytest.mark.parametrize("allows_untrusted", BOTH)
@pytest.mark.parametrize("untrusted", BOTH)
@pytest.mark.parametrize("by", ["mode", "rule"])
@pytest.mark.parametrize(
    ("declared", "asked", "trusted_mode", "reasons"),
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
def test_the_mode_is_only_tightened(
    declared, asked, trusted_mode, reasons, by, untrusted, allows_untrusted
):
    as_mode = Policy(modes={"pay": asked} if asked else {})
    as_rule = Policy(rules=(Rule("payments", actions=("pay",), mode=asked),))

    found = required(
        declared,
        as_mode if by == "mode" else as_rule,
        untrusted=untrusted,
        allows_untrusted=allows_untrusted,
    )

    distrusts = trusted_mode is Mode.AUTO and untrusted and not allows_untrusted
    assert found.mode is (Mode.MANUAL if distrusts else trusted_mode)
    assert found.reasons == (("untrusted",) if distrusts else reasons)
    assert found.declared is declared
    assert found.mode.strictness >= declared.strictness


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("declared", "rules", "mode", "two_person", "approvals"),
    [
        (A, [], A, False, 1),
        (A, [{"two_person": True}], M, True, 1),
        (A, [{"approvals": 2}], M, False, 2),
        (M, [{"two_person": True}, {"approvals": 3}, {"approvals": 2}], M, True, 3),
        (X, [{"two_person": True}], X, True, 1),
        (M, [{"mode": X}, {"approvals": 2}], X, False, 2),
        (M, [{"actions": ("other",), "mode": X, "approvals": 5}], M, False, 1),
    ],
)
def test_the_strictest_of_all_rules_counts(declared, rules, mode, two_person, approvals):
    policy = Policy(rules=tuple(Rule(f"rule {n}", **one) for n, one in enumerate(rules)))

    found = required(declared, policy)

    assert (found.mode, found.two_person, found.approvals) == (mode, two_person, approvals)


def test_times_are_only_shortened():
    policy = Policy(
        time_to_decide=2 * HOUR,
        time_to_run=HOUR,
        rules=(Rule("short", time_to_decide=HOUR), Rule("long", time_to_run=9 * HOUR)),
    )

    found = required(M, policy)

    assert (found.time_to_decide, found.time_to_run) == (HOUR, HOUR)
    assert found.rules == ("short", "long")
