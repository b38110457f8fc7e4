"""Policies only tighten: every mode, role, place and combination of rules, against fewer rules."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from approvals.allow_rules.allowances import bar_of
from approvals.enums import Mode
from approvals.policies import Place, Policy, Proposed, may_decide, requirements_of
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Facts, Rule
from atlas.accounts.roles import Role

BOTH = (False, True)
HOUR = timedelta(hours=1)
GROUPS = (Group("Finance", ("bob",)), Group("Board", ("ada",)))
RULES = {
    "manual": Rule("manual", mode=Mode.MANUAL),
    "admin": Rule("admin", mode=Mode.ADMIN_ONLY),
    "auto": Rule("auto", mode=Mode.AUTO),
    "other person": Rule("other person", two_person=True),
    "three": Rule("three", approvals=3),
    "finance": Rule("finance", steps=(Step("Finance"),)),
    "both groups": Rule("both groups", steps=(Step("Finance", 2), Step("Board"))),
    "soon": Rule("soon", time_to_decide=HOUR, time_to_run=HOUR / 2),
}
POLICIES = [names for count in range(4) for names in itertools.combinations(RULES, count)]
CASES = list(itertools.product(Mode, BOTH, BOTH))


def required(names, declared, untrusted, unminded):
    facts = Facts("pay", {}, Role.ANALYST, is_reversible=False)
    policy = Policy(rules=tuple(RULES[name] for name in names), groups=GROUPS)
    return requirements_of(Proposed(declared, facts, untrusted, unminded), policy)


@pytest.mark.parametrize(("declared", "untrusted", "unminded"), CASES)
def test_one_rule_more_asks_for_as_much_or_more(declared, untrusted, unminded):
    for names in POLICIES:
        more = required(names, declared, untrusted, unminded)
        assert more.mode.strictness >= declared.strictness
        for left in names:
            rest = tuple(name for name in names if name != left)
            less = required(rest, declared, untrusted, unminded)

            assert more.mode.strictness >= less.mode.strictness, (names, left)
            assert more.two_person >= less.two_person, (names, left)
            assert more.approvals >= less.approvals, (names, left)
            assert more.time_to_decide <= less.time_to_decide, (names, left)
            assert more.time_to_run <= less.time_to_run, (names, left)
            assert {step.group for step in more.steps} >= {step.group for step in less.steps}
            # Where no allow rule decided, none decides under one rule more.
            assert bar_of(less) is None or bar_of(more) is not None, (names, left)


@pytest.mark.parametrize("names", POLICIES, ids=", ".join)
def test_each_rule_gets_what_it_asks_for(names):
    found = required(names, Mode.AUTO, False, False)

    given = {step.group: step.approvals for step in found.steps}
    for rule in (RULES[name] for name in names):
        assert found.approvals >= rule.approvals
        assert all(given[step.group] >= step.approvals for step in rule.steps)
        assert found.two_person >= rule.two_person
        assert rule.mode is None or found.mode.strictness >= rule.mode.strictness


def places_of(names, declared):
    """Every place that a person can have to a request under these rules."""
    found = required(names, declared, False, False)
    turns = [("", False, False)]
    if found.steps:
        last = found.steps[-1].group
        turns = [(one.group, mine, one.group != last) for one in found.steps for mine in BOTH]
    for values, turn in itertools.product(itertools.product(BOTH, repeat=4), turns):
        participant, requester, other_admin, approved = values
        yield found, Place(participant, requester, other_admin, found.two_person, approved, *turn)


@pytest.mark.parametrize("self_approval", BOTH)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("declared", [Mode.MANUAL, Mode.ADMIN_ONLY])
def test_rules_let_nobody_decide_who_could_not_without_them(declared, role, self_approval):
    """But for the people of a group, whom the operator names: they need not take part."""
    for names in POLICIES:
        for found, place in places_of(names, declared):
            allowed = may_decide(found.mode, role, place, admin_self_approval=self_approval).allowed
            plain = replace(place, is_two_person=False, turn="", is_in_turn=False, is_early=False)
            before = may_decide(declared, role, plain, admin_self_approval=self_approval).allowed

            named = place.is_in_turn and role is not Role.VIEWER and not place.has_approved
            is_admin = found.mode is Mode.ADMIN_ONLY and role is Role.ADMIN
            assert not allowed or before or named or is_admin, (names, place)
            if found.mode is Mode.ADMIN_ONLY and not place.is_early and allowed:
                assert role is Role.ADMIN
            if place.is_two_person and place.is_requester:
                assert not allowed


@pytest.mark.parametrize("declared", Mode)
def test_what_an_admin_only_action_needs_is_an_admin_in_the_last_step(declared):
    for names in POLICIES:
        for found, place in places_of(names, declared):
            if found.mode is Mode.ADMIN_ONLY and not place.is_early:
                assert not may_decide(found.mode, Role.ANALYST, place).allowed
