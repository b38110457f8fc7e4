"""Policies for sensitive queries: what they are about, in every dialect, and what they refuse."""

import pytest

from atlas.sql.dialects import DIALECTS, rules_for
from atlas.sql.pipeline import validate
from atlas.sql.policies.rows import PolicyError
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from atlas.sql.types import Catalog, Table, ValidatedQuery

CATALOG = Catalog(
    (
        Table("hr", "salaries", ("id", "person", "amount")),
        Table("hr", "people", ("id", "name", "email")),
        Table("shop", "orders", ("id", "total")),
    ),
    None,
)
AMOUNT = SensitiveQuery("pay", ("salaries",), ("amount",))


def query(sql, dialect="postgres"):
    checked = validate(sql, dialect=dialect, catalog=CATALOG)
    assert isinstance(checked, ValidatedQuery), checked
    return checked


READS = [
    ("SELECT amount FROM hr.salaries", AMOUNT, ("salaries.amount",)),
    ("SELECT id FROM hr.salaries", AMOUNT, ()),
    ("SELECT count(*) FROM hr.salaries", AMOUNT, ()),
    ("SELECT * FROM hr.salaries", AMOUNT, ("salaries.amount",)),
    ("SELECT id FROM hr.salaries WHERE amount > 1", AMOUNT, ("salaries.amount",)),
    ("SELECT id FROM hr.salaries ORDER BY amount", AMOUNT, ("salaries.amount",)),
    ("SELECT x.y FROM (SELECT amount AS y FROM hr.salaries) AS x", AMOUNT, ("salaries.amount",)),
    ("WITH a AS (SELECT amount FROM hr.salaries) SELECT 1 FROM a", AMOUNT, ("salaries.amount",)),
    ("SELECT id FROM shop.orders", AMOUNT, ()),
    ("SELECT 1 AS amount", AMOUNT, ()),
    ("SELECT amount FROM hr.salaries", SensitiveQuery("p", ("HR.Salaries",)), ("hr.salaries",)),
    ("SELECT id FROM hr.salaries", SensitiveQuery("p", ("salaries",)), ("hr.salaries",)),
    ("SELECT id FROM hr.salaries", SensitiveQuery("p", ("shop.salaries",)), ()),
    ("SELECT id FROM shop.orders", SensitiveQuery("p", ("*",)), ("shop.orders",)),
    ("SELECT 1 AS one", SensitiveQuery("p", ("*",)), ()),
    ("SELECT 1 AS one", SensitiveQuery("p", cost=5), ("",)),
]


@pytest.mark.parametrize(("sql", "policy", "read"), READS)
def test_a_policy_says_what_of_it_a_query_reads(sql, policy, read):
    assert policy.reads(query(sql)) == read


@pytest.mark.parametrize("dialect", DIALECTS)
def test_where_columns_are_not_told_every_column_counts(dialect):
    schema = "" if dialect == "sqlite" else "hr."
    catalog = Catalog((Table(schema[:-1] or None, "salaries", None),), None)
    if dialect == "snowflake":
        catalog = Catalog((Table("HR", "SALARIES", None),), None)
    checked = validate(f"SELECT id FROM {schema}salaries", dialect=dialect, catalog=catalog)
    assert isinstance(checked, ValidatedQuery), checked

    found = bool(AMOUNT.reads(checked))

    assert found is not rules_for(dialect).traits.exact_columns


def test_another_language_that_names_no_table_may_read_any():
    unknown = ValidatedQuery("{ orders }", "graphql", (), (), "x")
    named = ValidatedQuery("{ orders }", "graphql", ("orders",), (), "x")

    assert AMOUNT.reads(unknown) == ("salaries",)
    assert AMOUNT.reads(named) == ()


def test_values_of_sensitive_columns_are_not_for_everybody():
    policies = SensitiveQueries((AMOUNT, SensitiveQuery("dear", ("orders",), cost=5)))

    assert policies.covers(Table("hr", "salaries", None), frozenset({"Amount"}))
    assert not policies.covers(Table("hr", "salaries", None), frozenset({"id"}))
    assert not policies.covers(Table("shop", "orders", None), frozenset({"total"}))


WRONG = [
    {"name": ""},
    {"name": "p"},
    {"name": "p", "columns": ("amount",), "cost": 5},
    {"name": "p", "tables": "salaries"},
    {"name": "p", "tables": ("salaries",), "columns": "amount"},
    {"name": "p", "tables": ("salaries",), "cost": -1},
    {"name": "p", "tables": ("salaries",), "cost": float("inf")},
    {"name": "p", "tables": ("salaries",), "cost": "many"},
    {"name": "p", "tables": ("salaries",), "cost": True},
]


@pytest.mark.parametrize("options", WRONG)
def test_a_policy_that_can_mean_nothing_is_refused_at_start(options):
    with pytest.raises(PolicyError):
        SensitiveQuery(**options)


@pytest.mark.parametrize("policies", ["pay", ("pay",), AMOUNT])
def test_policies_that_are_none_are_refused_at_start(policies):
    with pytest.raises(PolicyError, match="must be a tuple of SensitiveQuery"):
        SensitiveQueries(policies)


def test_two_policies_have_two_names():
    with pytest.raises(PolicyError, match="pay"):
        SensitiveQueries((AMOUNT, AMOUNT))
