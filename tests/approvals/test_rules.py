"""Which proposals a rule holds for: every operator, and every other thing it looks at."""

import pytest

from approvals.enums import Mode
from approvals.rules import Condition, Facts, Operator, Rule, matching
from atlas.accounts.roles import Role


def holds(rule, **changes):
    usual = {"action": "pay", "arguments": {}, "role": Role.ANALYST, "is_reversible": False}
    return matching((rule,), Facts(**{**usual, **changes})) == (rule,)


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        (Operator.IS, "high", "HIGH", True),
        (Operator.IS, "high", "low", False),
        (Operator.IS, 5, "5.0", True),
        (Operator.IS, True, True, True),
        (Operator.IS, 1, True, True),
        (Operator.IS, None, None, True),
        (Operator.IS_NOT, "high", "low", True),
        (Operator.IS_NOT, "high", "High", False),
        (Operator.ABOVE, 500, 500, False),
        (Operator.ABOVE, 500, 500.01, True),
        (Operator.ABOVE, 500, "501", True),
        (Operator.AT_LEAST, 500, 500, True),
        (Operator.AT_LEAST, 500, 499, False),
        (Operator.BELOW, 500, 499, True),
        (Operator.BELOW, 500, 500, False),
        (Operator.AT_MOST, 500, 500, True),
        (Operator.AT_MOST, 500, 501, False),
        (Operator.CONTAINS, "@rival", "bob@RIVAL.example", True),
        (Operator.CONTAINS, "@rival", "bob@shop.example", False),
        (Operator.ONE_OF, ["a", "b"], "B", True),
        (Operator.ONE_OF, ["a", "b"], "c", False),
    ],
)
def test_operators(operator, wanted, found, expected):
    rule = Rule("one", conditions=(Condition("value", operator, wanted),))

    assert holds(rule, arguments={"value": found}) is expected


@pytest.mark.parametrize("operator", list(Operator))
def test_a_missing_argument_does_not_escape_the_rule(operator):
    assert holds(Rule("one", conditions=(Condition("value", operator, 1),)), arguments={})


@pytest.mark.parametrize(
    ("operator", "wanted", "found"),
    [
        (Operator.ABOVE, 500, "a lot"),
        (Operator.ABOVE, 500, float("nan")),
        (Operator.AT_MOST, "few", 3),
        (Operator.BELOW, 5, [1]),
        (Operator.BELOW, 5, True),
        (Operator.ONE_OF, "no list", "x"),
    ],
)
def test_what_cannot_be_compared_holds(operator, wanted, found):
    rule = Rule("one", conditions=(Condition("value", operator, wanted),))

    assert holds(rule, arguments={"value": found})


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ({}, {}, True),
        ({"actions": ("pay",)}, {}, True),
        ({"actions": ("refund",)}, {}, False),
        ({"roles": frozenset({Role.ANALYST})}, {}, True),
        ({"roles": frozenset({Role.ADMIN})}, {}, False),
        ({"reversible": True}, {}, False),
        ({"reversible": True}, {"is_reversible": True}, True),
        ({"reversible": False}, {}, True),
    ],
)
def test_what_a_rule_is_about(rule, facts, expected):
    assert holds(Rule("one", **rule), **facts) is expected


def test_every_condition_must_hold_and_order_is_kept():
    both = (Condition("a", Operator.IS, 1), Condition("b", Operator.IS, 2))
    rules = (Rule("first", conditions=both, mode=Mode.MANUAL), Rule("second"))
    facts = Facts("pay", {"a": 1, "b": 3}, Role.ADMIN, is_reversible=True)

    assert [rule.name for rule in matching(rules, facts)] == ["second"]
    right = Facts("pay", {"a": 1, "b": 2}, Role.ADMIN, is_reversible=True)
    assert [rule.name for rule in matching(rules, right)] == ["first", "second"]


def test_a_condition_reads_as_words():
    assert str(Condition("amount", Operator.AT_LEAST, 500)) == "amount at least 500"
