"""Who may decide, and in which mode: every row of both tables."""

import itertools
from datetime import timedelta

import pytest

from approvals.enums import Mode
from approvals.policies import Place, Policy, Proposed, may_decide, requirements_of
from approvals.rules.escalation import Escalation
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Facts, Rule
from atlas.accounts.roles import Role
from atlas.common.errors import AtlasError

BOTH = (False, True)
HOUR = timedelta(hours=1)
LATER_FIRST = (Escalation("B", 2 * HOUR), Escalation("A", HOUR))

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


TURN_OF_OTHERS = "Now the group “Finance” decides."
IN_TURN = "You belong to the group “Finance”, so you can decide."
NOBODY_FOR_LONG = "Nobody has decided for long, so you can as an admin."
ASKED_NEXT = "Nobody has decided for long, so a group of yours is asked too."
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
    is_any_admin = place.is_escalated and role is Role.ADMIN and not place.is_requester
    if is_any_admin:
        return (True, NOBODY_FOR_LONG if mode is Mode.MANUAL else ADMIN)
    if place.is_asked_next and not place.is_requester:
        return expected_of_next(mode, role, place)
    return expected_of_role(mode, role, place, self_approval)


def expected_of_next(mode, role, place):
    """Of a group that is asked because those who should decide are silent."""
    is_for_admins = mode is Mode.ADMIN_ONLY and not (place.is_early and role is Role.ANALYST)
    if is_for_admins:
        return (False, NO_ADMIN) if role is Role.ANALYST else (True, ADMIN)
    return (True, IN_TURN if place.turn and place.is_in_turn else ASKED_NEXT)


def expected_of_role(mode, role, place, self_approval):
    """Of analysts and admins, while nobody else is asked because those who should are silent."""
    if place.turn and not place.is_in_turn:
        return (False, TURN_OF_OTHERS)
    is_early = mode is Mode.ADMIN_ONLY and place.is_early and role is Role.ANALYST
    if mode is Mode.MANUAL or is_early:
        return expected_of_people(place, is_barred=place.is_two_person or is_early)
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


def expected_of_people(place, *, is_barred):
    """Of those who need not be admins; `is_barred` when nobody decides an own request."""
    if place.is_requester and is_barred:
        return (False, SOMEBODY_ELSE)
    if place.turn:
        return (True, IN_TURN)
    return (True, PARTICIPANT) if place.is_participant else (False, STRANGER)


# No steps; the turn of another group; the person's own, with another step to follow or not.
TURNS = [("", False, False), *(("Finance", *how) for how in itertools.product(BOTH, repeat=2))]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mode", Mode)
def test_may_decide(mode, role, turn):
    for *standing, self_approval, escalated, asked in itertools.product(BOTH, repeat=8):
        place = Place(*standing, *turn, is_escalated=escalated, is_asked_next=asked)

        verdict = may_decide(mode, role, place, admin_self_approval=self_approval)

        said = (verdict.allowed, verdict.sentence)
        assert said == expected(mode, role, place, self_approval), (place, self_approval)


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


FINANCE, BOARD = Step("Finance", 2), Step("Board")


@pytest.mark.parametrize(
    ("rules", "steps", "approvals"),
    [
        ([{"steps": (FINANCE, BOARD)}], (FINANCE, BOARD), 3),
        ([{"steps": (Step("Finance"),)}, {"steps": (FINANCE, BOARD)}], (FINANCE, BOARD), 3),
        ([{"steps": (BOARD,)}, {"steps": (FINANCE,)}], (BOARD, FINANCE), 3),
        ([{"steps": (FINANCE, BOARD)}, {"approvals": 2}], (FINANCE, BOARD), 3),
        ([{"steps": (FINANCE, BOARD)}, {"approvals": 5}], (FINANCE, Step("Board", 3)), 5),
        ([{"approvals": 2}], (), 2),
    ],
)
@pytest.mark.parametrize("declared", Mode)
def test_steps_of_all_rules_are_joined(declared, rules, steps, approvals):
    groups = (Group("Finance"), Group("Board"))
    named = tuple(Rule(f"rule {n}", **one) for n, one in enumerate(rules))

    found = required(declared, Policy(rules=named, groups=groups))

    assert (found.steps, found.approvals) == (steps, approvals)
    assert found.mode is (M if declared is A else declared)
    assert found.turn == (steps[0].group if steps else "")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"rules": (Rule("one", steps=(BOARD,)),)}, "names the group “Board”"),
        ({"groups": (Group("Board"), Group("Board"))}, "have the same name"),
        ({"groups": (Group(""),)}, "name of at most 80"),
        ({"groups": (Group("x" * 81),)}, "name of at most 80"),
        ({"rules": (Rule("one", approvals=0),)}, "asks for less than one person"),
        ({"rollbacks": (Rule("one", steps=(BOARD,)),)}, "names the group “Board”"),
        ({"rollbacks": (Rule("one", approvals=0),)}, "asks for less than one person"),
        ({"escalate_to": (Escalation("Board", HOUR),)}, "names the group “Board”"),
        (
            {"groups": (Group("A"), Group("B")), "escalate_to": LATER_FIRST},
            "one group after the other",
        ),
        (
            {"groups": (Group("A"),), "escalate_to": (LATER_FIRST[1],) * 2},
            "each once",
        ),
        (
            {
                "groups": (Group("A"),),
                "escalate_to": (Escalation("A", HOUR),),
                "escalate_after": HOUR / 2,
            },
            "escalate_after comes last",
        ),
        (
            {"rules": (Rule("one", steps=(Step("Board", 0),)),), "groups": (Group("Board"),)},
            "asks for less than one person",
        ),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_at_start(made, sentence):
    with pytest.raises(AtlasError, match=sentence) as refusal:
        Policy(**made)

    assert refusal.value.code == "approvals"


@pytest.mark.parametrize(
    ("declared", "policy", "asked"),
    [
        (A, Policy(), False),
        (M, Policy(), False),
        (M, Policy(modes={"pay": A}), False),
        (M, Policy(modes={"other": M}), False),
        (M, Policy(modes={"pay": M}), True),
        (M, Policy(rules=(Rule("all", mode=M),)), True),
        (M, Policy(rules=(Rule("all", two_person=True),)), True),
        (M, Policy(rules=(Rule("all", approvals=2),)), True),
        (M, Policy(rules=(Rule("all", time_to_run=HOUR),)), False),
    ],
)
def test_it_is_known_whether_the_operator_wants_a_person_to_look(declared, policy, asked):
    assert required(declared, policy).is_asked_by_policy is asked


@pytest.mark.parametrize("rule", [{"mode": X}, {"mode": M}, {"two_person": True}, {"approvals": 2}])
def test_what_is_asked_of_roll_backs_is_asked_of_nothing_else(rule):
    policy = Policy(modes={"pay": X}, rollbacks=(Rule("undo", **rule),))

    assert required(M, policy).rules == ()
    of_rollbacks = required(A, policy.of_rollbacks)
    assert of_rollbacks.rules == ("undo",)
    assert of_rollbacks.mode is (rule.get("mode") or M)
    assert (
        required(A, Policy(modes={"pay": X}, rules=(Rule("all", mode=X),)).of_rollbacks).mode is A
    )


def test_times_are_only_shortened():
    policy = Policy(
        time_to_decide=2 * HOUR,
        time_to_run=HOUR,
        rules=(Rule("short", time_to_decide=HOUR), Rule("long", time_to_run=9 * HOUR)),
    )

    found = required(M, policy)

    assert (found.time_to_decide, found.time_to_run) == (HOUR, HOUR)
    assert found.rules == ("short", "long")
