"""Which proposals a rule holds for: every operator, and every other thing it looks at."""

import pytest

from approvals.enums import Mode
from approvals.rules.conditions import surely_holds
from approvals.rules.tightening import Condition, Facts, Operator, Origin, Rule, matching, misfits
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
        (Operator.NOT_ONE_OF, ["a", "b"], "c", True),
        (Operator.NOT_ONE_OF, ["a", "b"], "B", False),
        (Operator.STARTS_WITH, "re", "RE: bill", True),
        (Operator.STARTS_WITH, "re", "bill re", False),
        (Operator.ENDS_WITH, "@shop.example", "ann@SHOP.example", True),
        (Operator.ENDS_WITH, "@shop.example", "eve@rival.example", False),
        # Of several values, one that fits is enough for a rule that tightens.
        (Operator.ENDS_WITH, "@rival.example", "eve@rival.example, ann@shop.example", True),
        (Operator.ENDS_WITH, "@rival.example", ["ann@shop.example", "eve@rival.example"], True),
        (Operator.IS, ["a", "b"], ["A", "b"], True),
        (Operator.IS, ["a", "b"], ["b", "a"], False),
        # What hides in a text hides nothing from a rule.
        (Operator.CONTAINS, "rival", "ri\u200bval", True),
        (Operator.IS, "rival", "\uff52ival", True),
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
        ({"reversible": False}, {"is_reversible": True}, False),
        ({"origins": frozenset({Origin.API})}, {}, False),
        ({"origins": frozenset({Origin.API})}, {"origin": Origin.API}, True),
        ({"origins": frozenset({Origin.API, Origin.PLUGIN})}, {"origin": Origin.PLUGIN}, True),
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
    assert str(Condition("to", Operator.ONE_OF, ("a", "b"))) == "to one of a, b"


def test_a_condition_reaches_nested_arguments():
    rule = Rule("one", conditions=(Condition("order.amount", Operator.ABOVE, 5),))

    assert holds(rule, arguments={"order": {"amount": 6}})
    assert not holds(rule, arguments={"order": {"amount": 5}})
    assert holds(rule, arguments={"order": "no mapping"})


def test_it_is_said_why_a_rule_does_not_hold():
    rule = Rule(
        "one",
        actions=("refund",),
        roles=frozenset({Role.ADMIN}),
        reversible=True,
        origins=frozenset({Origin.API}),
        conditions=(Condition("amount", Operator.ABOVE, 5),),
    )
    facts = Facts("pay", {"amount": 1}, Role.ANALYST, is_reversible=False)

    assert misfits(rule, facts) == (
        "It is about other actions.",
        "It is about people with another role.",
        "It is about what is asked in another way.",
        "It is about what can be undone.",
        "“amount above 5” is not so.",
    )


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        (Operator.IS, "high", "High", True),
        (Operator.IS, "high", "low", False),
        (Operator.AT_MOST, 5, 5, True),
        (Operator.AT_MOST, 5, 6, False),
        (Operator.AT_MOST, 5, "a lot", False),
        (Operator.AT_MOST, 5, None, False),
        (Operator.ONE_OF, "no list", "x", False),
        (Operator.ENDS_WITH, "@shop.example", "ann@shop.example", True),
        (Operator.ENDS_WITH, "@shop.example", "eve@rival.example,ann@shop.example", False),
        (Operator.ENDS_WITH, "@shop.example", "eve@rival.example ann@shop.example", False),
        (Operator.ENDS_WITH, "@shop.example", "ann@shop.example; bob@shop.example", True),
        (Operator.ENDS_WITH, "@shop.example", ["ann@shop.example", "eve@rival.example"], False),
        (Operator.ENDS_WITH, "@shop.example", ["ann@shop.example"], True),
        (Operator.ENDS_WITH, "@shop.example", [], False),
        (Operator.IS_NOT, "rival", "ri\u200bval", False),
        (Operator.IS_NOT, "rival", "shop\u202e", False),
        (Operator.IS, "high", "\uff48igh", False),
        (Operator.STARTS_WITH, "pay", "Pay Z\u00fcrich", True),
        (Operator.STARTS_WITH, "pay", "Pay \u0430nn", False),
        (Operator.CONTAINS, "shop", "a shop\nand\tmore", True),
        (Operator.CONTAINS, "shop", "a shop\x00", False),
        # Letters that only computers of another kind take for each other are other addresses.
        (Operator.IS, "info@stra\u00dfe.example", "info@STRA\u00dfE.example", True),
        (Operator.IS, "info@stra\u00dfe.example", "info@strasse.example", False),
        (
            Operator.ENDS_WITH,
            "@\u03b5\u03c1\u03c9\u03c2.gr",
            "a@\u03b5\u03c1\u03c9\u03c3.gr",
            False,
        ),
        (Operator.NOT_ONE_OF, ["a@stra\u00dfe.example"], "a@strasse.example", False),
        # A value of which nothing is seen says nothing, so it lets nothing pass.
        (Operator.CONTAINS, "\u200b", "anything", False),
        (Operator.STARTS_WITH, "\u00ad", "anything", False),
        (Operator.ENDS_WITH, "shop.example", "eve@rival.example ann@shop.example", False),
        (Operator.ENDS_WITH, "shop.example", "bob@shop.example ann@shop.example", True),
        (Operator.CONTAINS, "ok", {"ok": "no"}, False),
        # JSON's kinds of values are kept apart, also inside of others.
        (Operator.IS, 1, True, False),
        (Operator.IS, True, 1, False),
        (Operator.IS, 0, False, False),
        (Operator.ONE_OF, [0, 1], True, False),
        (Operator.IS, {"count": 1}, {"count": True}, False),
        (Operator.IS, {"count": 1}, {"count": 1}, True),
        (Operator.IS, [{"to": "ann"}], [{"to": "bob"}], False),
        (Operator.IS, 10, "10", True),
        (Operator.AT_MOST, 100, "10.5", True),
        (Operator.AT_MOST, 100, "1_0", False),
        (Operator.AT_MOST, 100, "\u0663", False),
        (Operator.AT_MOST, 100, float("nan"), False),
        (Operator.AT_MOST, 100, "-Infinity", False),
        (Operator.AT_MOST, 100, True, False),
        (Operator.IS, 9007199254740993, "9007199254740992", False),
    ],
)
def test_a_rule_that_allows_needs_every_entry_beyond_doubt(operator, wanted, found, expected):
    condition = Condition("value", operator, wanted)

    assert surely_holds(condition, {"value": found}) is expected
    assert not surely_holds(condition, {})


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "expected"),
    [
        (Operator.IS_NOT, "boss@shop.example", "Boss@shop.example", False),
        (Operator.IS_NOT, "boss@shop.example", "bo\u200bss@shop.example", True),
        (Operator.IS_NOT, "boss@shop.example", "\uff42oss@shop.example", True),
        (Operator.NOT_ONE_OF, ["a@stra\u00dfe.example"], "a@strasse.example", True),
        (Operator.NOT_ONE_OF, ["a@stra\u00dfe.example"], "A@stra\u00dfe.example", False),
        (Operator.IS_NOT, 1, True, True),
        (Operator.NOT_ONE_OF, [0], False, True),
        (Operator.BELOW, 500, "1_000", True),
        (Operator.IS, "stra\u00dfe", "STRASSE", True),
        (Operator.IS, 10, "1_0", True),
    ],
)
def test_what_only_looks_like_the_exception_of_a_rule_does_not_escape_it(
    operator, wanted, found, expected
):
    rule = Rule("one", conditions=(Condition("value", operator, wanted),))

    assert holds(rule, arguments={"value": found}) is expected
