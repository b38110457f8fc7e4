"""What an allow rule may decide and what never: the whole table, without a database."""

import itertools

import pytest

from approvals.allow_rules.allowances import Allowance, Asked, Bar, bar_of, condition_in_words, fits
from approvals.enums import Mode
from approvals.policies import Policy, Proposed, requirements_of
from approvals.rules.conditions import Condition, Operator
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Facts, Rule
from atlas.accounts.roles import Role

FINANCE = (Group("Finance", ("bob",)),)
POLICIES = {
    "nothing": Policy(),
    "raised to manual": Policy(modes={"pay": Mode.MANUAL}),
    "raised by a rule": Policy(rules=(Rule("look", mode=Mode.MANUAL),)),
    "raised to admin": Policy(modes={"pay": Mode.ADMIN_ONLY}),
    "two people": Policy(rules=(Rule("two", two_person=True),)),
    "two approvals": Policy(rules=(Rule("two", approvals=2),)),
    "steps": Policy(rules=(Rule("two", steps=(Step("Finance"),)),), groups=FINANCE),
    "other actions": Policy(modes={"mail": Mode.ADMIN_ONLY}),
}
SEVERAL = {"two people", "two approvals", "steps"}
RAISED = {"raised to manual", "raised by a rule"}


def expected(declared, policy):
    """In words: never for admins, never for several, never against the policy."""
    if declared is Mode.ADMIN_ONLY or policy == "raised to admin":
        return Bar.ADMIN_ONLY
    if policy in SEVERAL:
        return Bar.SEVERAL
    if policy in RAISED:
        return Bar.POLICY
    return Bar.AUTO if declared is Mode.AUTO else None


@pytest.mark.parametrize(
    ("declared", "role", "policy", "untrusted"),
    list(itertools.product(Mode, Role, POLICIES, (False, True))),
)
def test_a_rule_decides_only_what_one_person_would(declared, role, policy, untrusted):
    proposed = Proposed(declared, Facts("pay", {}, role, True), untrusted)

    found = bar_of(requirements_of(proposed, POLICIES[policy]))

    assert found == expected(declared, policy)


def test_each_bar_is_a_sentence():
    assert all(str(bar.label).endswith(".") for bar in Bar)


LOW = Condition("priority", Operator.IS, "low")
SHORT = Condition("amount", Operator.AT_MOST, 50)
ALLOWANCE = Allowance("pay", "desk", "f1", (LOW, SHORT), asker=7)
ASKED = Asked("pay", "desk", "f1", {"priority": "low", "amount": 50}, 7)


def asked(**changes):
    return Asked(**{**ASKED.__dict__, **changes})


@pytest.mark.parametrize(
    ("proposal", "expected"),
    [
        (ASKED, True),
        (asked(action="mail"), False),
        (asked(plugin_id="other"), False),
        (asked(fingerprint="f2"), False),
        (asked(asker=8), False),
        (asked(asker=None), False),
        (asked(arguments={"priority": "low", "amount": 51}), False),
        (asked(arguments={"priority": "high", "amount": 50}), False),
        (asked(arguments={"amount": 50}), False),
        (asked(arguments={"priority": "low", "amount": "a lot"}), False),
        (asked(arguments={"priority": "l\u200bow", "amount": 1}), False),
    ],
)
def test_a_rule_fits_only_what_it_says_beyond_doubt(proposal, expected):
    assert fits(ALLOWANCE, proposal) is expected


def test_a_rule_for_everybody_fits_whoever_asks():
    rule = Allowance("pay", "desk", "f1", (LOW,))

    assert fits(rule, asked(asker=8))
    assert fits(rule, asked(asker=None))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (LOW, "Field is “low”"),
        (SHORT, "Field is at most 50"),
        (Condition("f", Operator.ONE_OF, ["a", "b"]), "Field is one of “a”, “b”"),
        (Condition("f", Operator.IS, None), "Field is not given"),
        (Condition("f", Operator.IS, True), "Field is yes"),
    ],
)
def test_conditions_read_as_words(condition, words):
    assert condition_in_words(condition, "Field") == words


@pytest.mark.parametrize("operator", Operator)
def test_each_operator_has_its_words(operator):
    said = condition_in_words(Condition("f", operator, 5), "Field")

    assert said.startswith("Field ")
    assert said.endswith(" 5")
