"""Row policies as rules: what a person's claims make of a table, or why nothing is shown."""

import pytest

from atlas.sql import Table
from atlas.sql.policies.native import Standing, remove_statements
from atlas.sql.policies.rows import (
    Condition,
    Filters,
    PolicyError,
    RowFilter,
    RowPolicies,
    RowPolicy,
    Test,
    filters_for,
)
from atlas.sql.refusal import RefusalError

ORDERS = Table("shop", "orders", ("id", "tenant", "region"))
EVENTS = Table("analytics", "events", frozenset({"tenant", "kind"}))
BARE = Table(None, "orders", None)
PLAIN = Table("shop", "countries", ("code", "name"))

TENANT = RowPolicy("tenant", ("orders", "analytics.events"), "tenant", "org.tenant")
REGION = RowPolicy("region", ("shop.orders",), conditions=(Condition("region", "regions"),))


def groups(policies, claims, table=ORDERS):
    found = filters_for(policies, claims, [table]).by_table
    return found[table.full_name].any_of if found else None


CLAIMS = {"org": {"tenant": "acme"}, "regions": ["eu", "us", "eu"], "n": 7}


@pytest.mark.parametrize(
    ("policies", "table", "expected"),
    [
        ((TENANT,), ORDERS, ((Test("tenant", ("acme",)),),)),
        ((TENANT,), EVENTS, ((Test("tenant", ("acme",)),),)),
        ((TENANT,), Table("other", "events", None), None),
        ((TENANT,), Table("other", "orders", None), ((Test("tenant", ("acme",)),),)),
        # A table without schema may be the one that is meant.
        ((REGION,), BARE, ((Test("region", ("eu", "us")),),)),
        ((REGION,), EVENTS, None),
        ((TENANT, REGION), ORDERS, ((Test("tenant", ("acme",)), Test("region", ("eu", "us"))),)),
        ((TENANT,), PLAIN, None),
        ((RowPolicy("all", ("*",), "code", "n"),), PLAIN, ((Test("code", (7,)),),)),
        ((RowPolicy("case", ("SHOP.Orders",), "TENANT", "n"),), ORDERS, ((Test("tenant", (7,)),),)),
        (
            (RowPolicy("far", ("p.shop.orders",), "id", "n"),),
            ORDERS,
            ((Test("id", (7,)),),),
        ),
    ],
)
def test_filters_of_a_table(policies, table, expected):
    assert groups(RowPolicies(policies), CLAIMS, table) == expected


def test_any_of_the_policies():
    found = groups(RowPolicies((TENANT, REGION), combine="or"), CLAIMS)
    assert found == ((Test("tenant", ("acme",)),), (Test("region", ("eu", "us")),))


def test_what_was_applied_is_told():
    found = filters_for(RowPolicies((TENANT, REGION)), CLAIMS, [ORDERS, PLAIN])
    assert found.policies == ("tenant", "region")
    assert found.claims == {"org.tenant": ("acme",), "regions": ("eu", "us")}
    assert found.by_table.keys() == {"shop.orders"}
    assert filters_for(RowPolicies((TENANT,)), None, [PLAIN]) == Filters()


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        (None, "no_person"),
        ({}, "no_claim"),
        ({"org": None}, "no_claim"),
        ({"org": "acme"}, "no_claim"),
        ({"org": {"tenant": None}}, "no_claim"),
        ({"org": {"tenant": {}}}, "bad_claim"),
        ({"org": {"tenant": {"a": 1}}}, "bad_claim"),
        ({"org": {"tenant": []}}, "bad_claim"),
        ({"org": {"tenant": ["a", None]}}, "bad_claim"),
        ({"org": {"tenant": ["a", {}]}}, "bad_claim"),
        ({"org": {"tenant": ["a", ["b"]]}}, "bad_claim"),
        ({"org": {"tenant": ["a", 1]}}, "bad_claim"),
        ({"org": {"tenant": [1, True]}}, "bad_claim"),
        ({"org": {"tenant": 1.5}}, "bad_claim"),
        ({"org": {"tenant": "a\0"}}, "bad_claim"),
        ({"org": {"tenant": "\ud800"}}, "bad_claim"),
        ({"org": {"tenant": "x" * 1001}}, "bad_claim"),
        ({"org": {"tenant": 2**63}}, "bad_claim"),
        ({"org": {"tenant": ["x"] * 1001}}, "bad_claim"),
    ],
)
@pytest.mark.parametrize("combine", ["and", "or"])
def test_claims_that_show_nothing(claims, code, combine):
    with pytest.raises(RefusalError) as refused:
        filters_for(RowPolicies((REGION, TENANT), combine), _with_regions(claims), [ORDERS])
    assert refused.value.code == code
    assert refused.value.offending == "shop.orders"
    assert "acme" not in refused.value.message


def _with_regions(claims):
    return None if claims is None else {"regions": ["eu"], **claims}


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("text", "07", "07"),
        ("text", 7, "7"),
        ("integer", 7, 7),
        ("integer", "-7", -7),
        ("boolean", True, True),
        ("uuid", "6F9619FF8B86D011B42D00CF4FC964FF", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        ("date", "2026-02-28", "2026-02-28"),
        (None, False, False),
        (None, "", ""),
    ],
)
def test_kinds(kind, given, value):
    policy = RowPolicy("p", ("orders",), conditions=(Condition("id", "c", kind),))
    found = groups(RowPolicies((policy,)), {"c": given})
    assert found == ((Test("id", (value,)),),)
    assert type(found[0][0].values[0]) is type(value)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", True),
        ("integer", "07"),
        ("integer", "1 OR 1=1"),
        ("integer", True),
        ("integer", ""),
        ("boolean", 1),
        ("boolean", "true"),
        ("uuid", "acme"),
        ("uuid", 1),
        ("date", "2026-02-30"),
        ("date", 20260228),
    ],
)
def test_values_that_do_not_fit_their_kind(kind, given):
    policy = RowPolicy("p", ("orders",), conditions=(Condition("id", "c", kind),))
    with pytest.raises(RefusalError) as refused:
        groups(RowPolicies((policy,)), {"c": given})
    assert refused.value.code == "bad_claim"


def test_missing_column_shows_nothing():
    everywhere = RowPolicy("all", ("*",), "tenant", "n")
    with pytest.raises(RefusalError) as refused:
        groups(RowPolicies((everywhere,)), CLAIMS, PLAIN)
    assert (refused.value.code, refused.value.offending) == ("no_policy_column", "shop.countries")


def test_unlisted_column_is_taken_at_its_word():
    hidden = RowPolicy("h", ("countries",), conditions=(Condition("owner", "n", unlisted=True),))
    assert groups(RowPolicies((hidden,)), CLAIMS, PLAIN) == ((Test("owner", (7,)),),)


@pytest.mark.parametrize(
    "make",
    [
        lambda: RowPolicy("", ("orders",), "a", "b"),
        lambda: RowPolicy("p", "orders", "a", "b"),
        lambda: RowPolicy("p", (), "a", "b"),
        lambda: RowPolicy("p", ("",), "a", "b"),
        lambda: RowPolicy("p", ("shop.",), "a", "b"),
        lambda: RowPolicy("p", ("orders",)),
        lambda: RowPolicy("p", ("orders",), "a"),
        lambda: RowPolicy("p", ("orders",), "a", "b", (Condition("a", "b"),)),
        lambda: RowPolicy("p", ("orders",), conditions=("a",)),
        lambda: Condition("a\0", "b"),
        lambda: Condition("a", "b", "number"),
        lambda: RowPolicies((TENANT,), "xor"),
        lambda: RowPolicies((TENANT, TENANT)),
        lambda: RowPolicies(("tenant",)),
        lambda: RowPolicies("tenant"),
    ],
)
def test_policies_that_mean_nothing_are_told_at_start(make):
    with pytest.raises(PolicyError):
        make()


DROPPED = 'DROP POLICY atlas_rows ON "shop"."orders"'


@pytest.mark.parametrize(
    ("standing", "statements"),
    [
        (Standing(is_secured=False, is_ours=False, has_policy=False), []),
        (Standing(is_secured=True, is_ours=False, has_policy=False), []),
        # Row security that somebody else switched on stays on.
        (Standing(is_secured=True, is_ours=False, has_policy=True), [DROPPED]),
        (
            Standing(is_secured=True, is_ours=True, has_policy=True),
            [
                DROPPED,
                'DROP POLICY atlas_others ON "shop"."orders"',
                'ALTER TABLE "shop"."orders" DISABLE ROW LEVEL SECURITY',
            ],
        ),
    ],
)
def test_only_what_atlas_put_on_a_table_is_taken_away(standing, statements):
    assert remove_statements("shop.orders", standing) == statements


def test_filter_is_one_value():
    assert RowFilter(((Test("a", (1,)),),)) == RowFilter(((Test("a", (1,)),),))
