"""Promises about columns in engines other than PostgreSQL: what is not listed is out of reach."""

import sqlite3

import pytest

from atlas.sql import Catalog, Options, Rejection, Table, ValidatedQuery, validate
from tests.sql.other import OTHERS, ask, ask_closed

LISTED = "SELECT id, customer_id, status, total FROM orders"


def accepted(sql: str, dialect: str) -> ValidatedQuery:
    answer = ask_closed(sql, dialect)
    assert isinstance(answer, ValidatedQuery), answer
    return answer


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_table_is_read_through_its_listed_columns(dialect: str) -> None:
    query = accepted("SELECT * FROM orders", dialect)
    assert query.sql.lower() == f"select * from ({LISTED}) as orders limit 1001".lower()
    assert {name.lower() for name in query.tables} == {"orders"}


@pytest.mark.parametrize("dialect", OTHERS)
def test_aliases_and_joins_stay(dialect: str) -> None:
    query = accepted("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id", dialect)
    text = query.sql.lower()
    assert f"from ({LISTED.lower()}) as o" in text
    assert "join (select id, name from customers) as c" in text
    assert {c.lower() for c in query.columns} == {"orders.id", "orders.customer_id", "customers.id"}


@pytest.mark.parametrize("dialect", OTHERS)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT margin FROM orders",
        "SELECT o.margin FROM orders o",
        "SELECT id FROM orders WHERE margin > 1",
        "SELECT id FROM orders ORDER BY margin",
        "SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.margin > c.id)",
    ],
)
def test_an_unlisted_column_is_refused_by_name(sql: str, dialect: str) -> None:
    answer = ask_closed(sql, dialect)
    assert isinstance(answer, Rejection)
    assert answer.code == "unknown_column"
    assert answer.offending.lower() == "margin"


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_misspelt_column_gets_a_suggestion(dialect: str) -> None:
    answer = ask_closed("SELECT o.totall FROM orders o", dialect)
    assert isinstance(answer, Rejection)
    assert (answer.suggestion or "").lower() == "total"


@pytest.mark.parametrize("dialect", OTHERS)
def test_an_alias_may_be_used_again(dialect: str) -> None:
    assert accepted("SELECT total AS t FROM orders ORDER BY t", dialect)


@pytest.mark.parametrize("dialect", ["sqlite", "clickhouse"])
def test_a_table_behind_in_must_be_wholly_open(dialect: str) -> None:
    assert isinstance(ask_closed("SELECT id FROM orders WHERE id IN customers", dialect), Rejection)
    assert isinstance(ask("SELECT id FROM orders WHERE id IN customers", dialect), ValidatedQuery)


def test_qualified_columns_lose_their_schema_with_the_table() -> None:
    catalog = Catalog((Table("shop", "orders", ("id",)),), default_schema="shop")
    answer = validate("SELECT shop.orders.id FROM orders", dialect="mysql", catalog=catalog)
    assert isinstance(answer, ValidatedQuery)
    assert answer.sql == ("SELECT orders.id FROM (SELECT id FROM shop.orders) AS orders LIMIT 1001")


def test_a_dataset_of_a_project_has_three_parts() -> None:
    catalog = Catalog((Table("my_project.shop", "orders", None),))
    sql = "SELECT id FROM my_project.shop.orders"
    answer = validate(sql, dialect="bigquery", catalog=catalog)
    assert isinstance(answer, ValidatedQuery)
    assert answer.tables == ("my_project.shop.orders",)
    short = Catalog(catalog.tables, default_schema="my_project.shop")
    answer = validate("SELECT id FROM orders", dialect="bigquery", catalog=short)
    assert isinstance(answer, ValidatedQuery)
    assert "my_project.shop.orders" in answer.sql


def test_final_stays_with_the_table() -> None:
    sql = accepted("SELECT id FROM orders FINAL", "clickhouse").sql
    assert "FROM (SELECT id, customer_id, status, total FROM orders FINAL) AS orders" in sql


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("PREWHERE id > 1", "WHERE id > 1"),
        ("PREWHERE id > 1 OR id < 0 WHERE total > 2 OR total < 1",
         "WHERE (id > 1 OR id < 0) AND (total > 2 OR total < 1)"),
    ],
)  # fmt: skip
def test_prewhere_becomes_where_when_the_table_becomes_a_select(early: str, late: str) -> None:
    query = accepted(f"SELECT id FROM orders {early}", "clickhouse")
    assert query.sql == f"SELECT id FROM ({LISTED}) AS orders {late} LIMIT 1001"


def test_prewhere_with_final_means_something_else_and_is_refused() -> None:
    answer = ask_closed("SELECT id FROM orders FINAL PREWHERE id > 1", "clickhouse")
    assert isinstance(answer, Rejection)
    assert answer.code == "not_allowed"


def test_extra_functions_are_allowed_beside_the_list() -> None:
    options = Options(extra_functions=frozenset({"to_euro"}))
    for dialect in OTHERS:
        query = validate("SELECT to_euro(1)", dialect=dialect, catalog=Catalog(()), options=options)
        assert isinstance(query, ValidatedQuery)


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_text_of_the_guard_stays_as_it_is(dialect: str) -> None:
    text = accepted("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id", dialect)
    again = accepted(text.sql, dialect)
    assert again.sql == text.sql
    assert again.tables == text.tables


# The printer writes these in other words than the parser reads, so that they are checked again.
@pytest.mark.parametrize("dialect", ["duckdb", "mysql", "clickhouse"])
def test_a_query_that_is_written_in_other_words_reads_the_same_columns(dialect: str) -> None:
    query = accepted("SELECT substring(status FROM 1 FOR 2) FROM orders", dialect)
    assert query.sql == f"SELECT SUBSTRING(status, 1, 2) FROM ({LISTED}) AS orders LIMIT 1001"
    assert query.columns == ("orders.status",)


@pytest.mark.parametrize(
    "around",
    [
        "SELECT id, name FROM customers",
        "SELECT * FROM (SELECT id, name FROM customers AS c) AS x",
        "SELECT * FROM (SELECT name, id FROM customers) AS x",
        "SELECT * FROM (SELECT customers.id, name FROM customers) AS x",
        "SELECT * FROM (SELECT id, name FROM customers WHERE id > 1) AS x",
        "SELECT * FROM (SELECT id, name FROM customers, customers AS d) AS x",
        "SELECT * FROM (SELECT id, 1 AS name FROM customers) AS x",
    ],
)
def test_a_table_in_any_other_select_is_hidden(around: str) -> None:
    assert "(SELECT id, name FROM customers) AS" in accepted(around, "duckdb").sql


def test_a_bare_name_is_looked_up_in_the_default_schema_first() -> None:
    tables = (Table("main", "orders", ("id",)), Table(None, "orders", ("total",)))
    inside = Catalog((*tables, Table(None, "customers", None)), default_schema="main")
    found = validate("SELECT * FROM orders, customers", dialect="duckdb", catalog=inside)
    assert isinstance(found, ValidatedQuery)
    assert found.tables == ("customers", "main.orders")


_HOSTILE = [
    "SELECT margin AS id FROM orders",
    "SELECT * FROM orders, (SELECT 1 AS margin)",
    "WITH o AS (SELECT * FROM orders) SELECT margin FROM o",
    "SELECT max(margin) FROM (SELECT * FROM orders)",
    "SELECT orders.margin FROM (SELECT * FROM orders) AS orders",
    "SELECT id FROM orders WHERE (SELECT margin) > 0",
    "SELECT o.rowid FROM orders o",
    "SELECT * FROM orders NATURAL JOIN (SELECT 6 AS margin)",
    "SELECT id FROM orders JOIN (SELECT 6 AS margin) USING (margin)",
]


@pytest.mark.parametrize("sql", _HOSTILE)
def test_no_unlisted_cell_leaves_sqlite(sql: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE orders (id, customer_id, status, total, margin)")
    connection.execute("INSERT INTO orders VALUES (1, 2, 'open', 5, 'SECRET')")
    answer = ask_closed(sql, "sqlite")
    if isinstance(answer, ValidatedQuery):
        try:
            rows = connection.execute(answer.sql).fetchall()
        except sqlite3.OperationalError:
            rows = []
        assert "SECRET" not in str(rows)
    connection.close()
