"""Every place a protected table can stand in: each becomes a filtered SELECT or a clear refusal."""

import pytest

from atlas.sql import Catalog, Rejection, Table, ValidatedQuery, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import Filters, RowFilter, RowPolicies, RowPolicy, Test, filters_for

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
        ("SELECT id FROM ONLY orders", None),
        ("SELECT id FROM orders FOR SHARE", None),
    ],
)
def test_what_the_guard_refuses_before_policies_come(sql, code):
    refused = validate(sql, dialect="postgres", catalog=CATALOG)
    assert isinstance(refused, Rejection)
    assert code in (None, refused.code)


def test_name_with_two_meanings_is_refused():
    sql = (
        "SELECT shop.orders.id FROM shop.orders"
        " WHERE EXISTS (SELECT 1 FROM side.orders WHERE shop.orders.id = side.orders.id)"
    )
    refused = limited(sql)
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
