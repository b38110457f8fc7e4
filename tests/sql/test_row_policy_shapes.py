"""Every place a protected table can stand in: each becomes a filtered SELECT or a clear refusal."""

from dataclasses import replace

import pytest
import sqlglot

from atlas.sql import Catalog, Rejection, Table, ValidatedQuery, validate
from atlas.sql.dialects import rules_for
from atlas.sql.policies import restricting, wrapping
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import Filters, RowFilter, RowPolicies, RowPolicy, Test, filters_for
from atlas.sql.refusal import RefusalError

CATALOG = Catalog(
    (
        Table("shop", "orders", ("id", "tenant", "total")),
        Table("shop", "customers", ("id", "name")),
        Table("side", "orders", ("id", "note")),
        Table("shop", "open", None),
    ),
    "shop",
)
POLICIES = RowPolicies((RowPolicy("t", ("shop.orders", "open"), "tenant", "tenant"),))
IN = (
    "(SELECT orders.id, orders.tenant, orders.total FROM shop.orders"
    " WHERE orders.tenant = 'acme' OFFSET 0)"
)


def limited(sql, tenant="acme", dialect="postgres", catalog=CATALOG):
    checked = validate(sql, dialect=dialect, catalog=catalog)
    assert isinstance(checked, ValidatedQuery), checked
    tables = [table for table in catalog.tables if table.full_name in checked.tables]
    filters = filters_for(POLICIES, {"tenant": tenant}, tables)
    return restrict(checked, filters, catalog=catalog)


def text(sql, **more):
    found = limited(sql, **more)
    assert isinstance(found, ValidatedQuery), found
    return found.sql.removesuffix(" LIMIT 1001")


@pytest.mark.parametrize(
    ("sql", "sent"),
    [
        ("SELECT id FROM orders", f"SELECT orders.id FROM {IN} AS orders"),
        (
            "SELECT o.id FROM orders o WHERE o.id = 1 OR o.id = 2",
            f"SELECT o.id FROM {IN} AS o WHERE o.id = 1 OR o.id = 2",
        ),
        (
            "SELECT a.id FROM orders a JOIN orders b ON a.id = b.id",
            f"SELECT a.id FROM {IN} AS a JOIN {IN} AS b ON a.id = b.id",
        ),
        (
            "SELECT c.id FROM customers c LEFT JOIN orders o ON o.id = c.id",
            f"SELECT c.id FROM shop.customers AS c LEFT JOIN {IN} AS o ON o.id = c.id",
        ),
        (
            "WITH orders AS (SELECT * FROM orders) SELECT count(*) FROM orders",
            "WITH orders AS (SELECT orders.id, orders.tenant, orders.total FROM"
            f" {IN} AS orders) SELECT COUNT(*) FROM orders",
        ),
        (
            "WITH orders AS (SELECT 1 AS n) SELECT o.id FROM shop.orders o, orders",
            f"WITH orders AS (SELECT 1 AS n) SELECT o.id FROM {IN} AS o, orders",
        ),
        (
            "SELECT id FROM customers EXCEPT SELECT id FROM orders",
            f"SELECT customers.id FROM shop.customers EXCEPT SELECT orders.id FROM {IN} AS orders",
        ),
        (
            "SELECT c.id FROM customers c, LATERAL (SELECT o.id FROM orders o WHERE o.id = c.id) x",
            "SELECT c.id FROM shop.customers AS c, LATERAL"
            f" (SELECT o.id FROM {IN} AS o WHERE o.id = c.id) AS x",
        ),
        (
            "SELECT (SELECT count(*) FROM orders o WHERE o.id = c.id) AS n FROM customers c",
            f"SELECT (SELECT COUNT(*) FROM {IN} AS o WHERE o.id = c.id) AS n"
            " FROM shop.customers AS c",
        ),
        (
            "SELECT shop.orders.id FROM shop.orders WHERE shop.orders.total > 1",
            f"SELECT orders.id FROM {IN} AS orders WHERE orders.total > 1",
        ),
        (
            "SELECT name FROM orders NATURAL JOIN customers",
            f"SELECT customers.name FROM {IN} AS orders JOIN shop.customers USING (id)",
        ),
        (
            "SELECT x.id FROM (orders x CROSS JOIN customers)",
            f"SELECT x.id FROM ({IN} AS x CROSS JOIN shop.customers)",
        ),
        (
            "SELECT note FROM side.orders",
            "SELECT orders.note FROM side.orders",
        ),
        (
            "SELECT * FROM open",
            "SELECT * FROM (SELECT * FROM shop.open WHERE open.tenant = 'acme' OFFSET 0) AS open",
        ),
        (
            "SELECT o.id FROM ONLY orders o",
            f"SELECT o.id FROM {IN.replace('FROM', 'FROM ONLY')} AS o",
        ),
        ("SELECT 1 AS one", "SELECT 1 AS one"),
    ],
)
def test_each_reference_is_read_through_its_filter(sql, sent):
    assert text(sql) == sent


def test_sample_is_taken_before_the_filter_as_the_engine_does():
    found = text("SELECT o.id FROM orders o TABLESAMPLE BERNOULLI (50) REPEATABLE (1)")
    assert "FROM shop.orders TABLESAMPLE BERNOULLI (50) REPEATABLE (1) WHERE" in found
    assert found.endswith("OFFSET 0) AS o")


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT o FROM orders o", "whole_row"),
        ("SELECT to_json(o) FROM orders o", "whole_row"),
        ("SELECT ctid FROM orders", "system_column"),
        ("SELECT a FROM orders AS o(a, b)", "column_aliases"),
        ("SELECT id FROM orders FOR SHARE", None),
    ],
)
def test_what_the_guard_refuses_before_policies_come(sql, code):
    refused = validate(sql, dialect="postgres", catalog=CATALOG)
    assert isinstance(refused, Rejection)
    assert code in (None, refused.code)


@pytest.mark.parametrize(
    "other",
    [
        "side.orders WHERE shop.orders.id = side.orders.id",
        "customers AS orders WHERE shop.orders.id = orders.id",
    ],
)
def test_name_with_two_meanings_is_refused(other):
    refused = limited(f"SELECT id FROM shop.orders WHERE EXISTS (SELECT 1 FROM {other})")
    assert (refused.code, refused.stage) == ("ambiguous_column", "row_policies")
    assert "alias" in refused.message


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb", "duckdb", "clickhouse",
                                     "snowflake", "bigquery", "sqlite"])  # fmt: skip
@pytest.mark.parametrize(
    "tenant", ["o'hara", "a\\", "\\' OR 1=1 -- ", "'; DROP TABLE x; --", "/*", "ü 漢", "%s {0} $1"]
)
def test_values_stay_values_in_every_dialect(dialect, tenant):
    upper = dialect == "snowflake"
    columns = ("ID", "TENANT") if upper else ("id", "tenant")
    catalog = Catalog((Table(None, "ORDERS" if upper else "orders", columns),))
    sent = text("SELECT count(*) AS n FROM orders", tenant=tenant, dialect=dialect, catalog=catalog)
    plain = text("SELECT count(*) AS n FROM orders", tenant="x", dialect=dialect, catalog=catalog)
    assert sent.partition("WHERE")[0] == plain.partition("WHERE")[0]
    assert sent.rpartition(")")[2] == plain.rpartition(")")[2]


def test_text_is_not_compared_as_a_number_where_the_engine_would():
    catalog = Catalog((Table(None, "orders", ("id", "tenant")),))
    sent = text("SELECT id FROM orders", tenant=0, dialect="mysql", catalog=catalog)
    assert "orders.tenant = 0 AND CAST(orders.tenant AS CHAR) = '0'" in sent


@pytest.mark.parametrize(
    ("dialect", "sql", "part"),
    [
        ("clickhouse", "SELECT id FROM orders FINAL", "FROM shop.orders FINAL WHERE"),
        ("duckdb", "SELECT shop.open.x FROM shop.open", "SELECT open.x FROM (SELECT * FROM"),
        ("mysql", "SELECT o.id FROM orders o, orders p", "AS orders) AS p"),
        ("sqlite", "SELECT id FROM orders LEFT JOIN open USING (id)", "FROM shop.open WHERE"),
    ],
)
def test_forms_of_other_dialects(dialect, sql, part):
    sent = text(sql, dialect=dialect)
    assert part in sent
    assert sent.count("tenant = 'acme'") == sent.count("shop.o")


@pytest.mark.parametrize(
    ("value", "spelled"), [(-3, "= -3"), (True, "= TRUE"), (False, "= FALSE"), (12, "= 12")]
)
def test_spelling_of_values(value, spelled):
    assert f"orders.tenant {spelled} OFFSET 0" in text("SELECT id FROM orders", tenant=value)


def test_any_of_several_groups():
    groups = ((Test("tenant", ("a",)), Test("id", (1, 2))), (Test("total", (3,)),))
    checked = validate("SELECT id FROM orders", dialect="postgres", catalog=CATALOG)
    filters = Filters({"shop.orders": RowFilter(groups)})
    sent = restrict(checked, filters, catalog=CATALOG).sql
    condition = "(orders.tenant = 'a' AND orders.id IN (1, 2)) OR orders.total = 3"
    assert f"WHERE {condition} OFFSET 0" in sent


def test_table_without_listed_columns_can_be_counted():
    catalog = Catalog((Table("shop", "orders", ()),), "shop")
    checked = validate("SELECT count(*) FROM orders", dialect="postgres", catalog=catalog)
    filters = Filters({"shop.orders": RowFilter(((Test("tenant", ("a",)),),))})
    sent = restrict(checked, filters, catalog=catalog).sql
    assert "(SELECT NULL FROM shop.orders WHERE orders.tenant = 'a' OFFSET 0) AS orders" in sent


def test_reference_that_the_search_missed_is_refused():
    tree = sqlglot.parse_one("SELECT id FROM shop.orders", read="postgres")
    with pytest.raises(RefusalError) as refused:
        wrapping._check_all(tree, [(tree, CATALOG.tables[0])], set())
    assert refused.value.code == "policy_no_place"
    bare = sqlglot.parse_one("SELECT id FROM orders", read="postgres")
    with pytest.raises(RefusalError):
        wrapping._check_all(bare, [(bare, CATALOG.tables[0])], set())


def test_place_that_cannot_hold_a_query_is_refused():
    node = sqlglot.exp.to_table("shop.orders")
    filters = Filters({"shop.orders": RowFilter(((Test("tenant", ("a",)),),))})
    with pytest.raises(RefusalError) as refused:
        wrapping.wrap_tables(node, [(node, CATALOG.tables[0])], filters, rules_for("postgres"))
    assert refused.value.code == "policy_no_place"


def test_fault_of_the_rewriting_refuses(monkeypatch):
    def fail(*_given):
        raise KeyError("x")

    monkeypatch.setattr(restricting, "wrap_tables", fail)
    refused = limited("SELECT id FROM orders")
    assert (refused.code, refused.stage, refused.offending) == (
        "guard_fault",
        "row_policies",
        "KeyError",
    )


def test_text_that_does_not_read_back_is_refused(monkeypatch):
    monkeypatch.setattr(restricting, "reads_back", lambda *_given: False)
    assert limited("SELECT id FROM orders").code == "not_reproducible"


def test_tables_that_are_not_those_of_the_check_are_refused():
    checked = validate("SELECT id FROM orders", dialect="postgres", catalog=CATALOG)
    filters = filters_for(POLICIES, {"tenant": "a"}, CATALOG.tables[:1])
    other = replace(checked, tables=("shop.orders", "shop.customers"))
    assert restrict(other, filters, catalog=CATALOG).code == "not_reproducible"


def test_whole_table_behind_in_cannot_hold_a_filter():
    catalog = Catalog((Table(None, "ids", None), Table(None, "people", ("id",))))
    checked = validate("SELECT id FROM people WHERE id IN ids", dialect="sqlite", catalog=catalog)
    assert isinstance(checked, ValidatedQuery), checked
    filters = Filters({"ids": RowFilter(((Test("tenant", ("a",)),),))})
    refused = restrict(checked, filters, catalog=catalog)
    assert (refused.code, refused.offending) == ("policy_no_place", "ids")


def test_text_that_reads_otherwise_than_it_was_checked_is_refused():
    checked = validate("SELECT id FROM orders", dialect="postgres", catalog=CATALOG)
    filters = filters_for(POLICIES, {"tenant": "a"}, CATALOG.tables[:1])
    other = Catalog(CATALOG.tables[1:], "shop")
    assert restrict(checked, filters, catalog=other).code == "unknown_table"


def test_nothing_to_filter_changes_nothing():
    checked = validate("SELECT id FROM customers", dialect="postgres", catalog=CATALOG)
    assert restrict(checked, Filters(), catalog=CATALOG) is checked
