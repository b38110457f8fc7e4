"""No test of a query runs on rows behind a policy, on the engines whose rows are filtered by text.

Each trap fails on other people's rows only, so whether it fails would tell what they hold.
"""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from atlas.sql import Catalog, Table, ValidatedQuery, validate
from atlas.sql.policies.restricting import restrict
from atlas.sql.policies.rows import Condition, RowPolicies, RowPolicy, filters_for
from tests.sql.witnesses import mariadb_server

CATALOG = Catalog(
    (
        Table("shop", "orders", ("id", "tenant", "open", "name")),
        Table("shop", "labels", ("id", "label")),
    ),
    "shop",
)
BOTH = (Condition("tenant", "tenant"), Condition("open", "open"))
POLICIES = RowPolicies((RowPolicy("own", ("orders",), conditions=BOTH),))
CLAIMS = {"tenant": ["acme", "nobody"], "open": False}
BUILD = (
    "CREATE TABLE shop.orders (id int PRIMARY KEY, tenant varchar(20), open boolean,"
    " name varchar(20))",
    "CREATE TABLE shop.labels (id int PRIMARY KEY, label varchar(20))",
    "INSERT INTO shop.orders VALUES (1, 'acme', false, '1'), (2, 'zeta', false, 'secret'),"
    " (3, 'acme', true, 'secret')",
    "INSERT INTO shop.labels VALUES (1, '1'), (2, '2'), (3, '3')",
)
# More than one row is an error where one value is wanted.
MARIADB = (
    "SELECT o.id FROM orders o WHERE (SELECT l.id FROM labels l WHERE o.name = 'secret') <> o.open",
    "SELECT o.id FROM orders o WHERE (SELECT l.id FROM labels l WHERE o.name = 'secret') = 1",
    "SELECT o.id FROM orders o WHERE"
    " (SELECT 1 UNION ALL SELECT 2 FROM labels WHERE o.name = 'secret') <> o.open",
    "SELECT l.id FROM labels l JOIN orders o ON o.id = l.id"
    " AND (SELECT k.id FROM labels k WHERE o.name = 'secret') IS NULL",
)
DUCKDB = (
    "SELECT o.id FROM orders o WHERE CAST(o.name AS int) > 0",
    "SELECT o.id FROM orders o WHERE o.name::int IN (1, 2) AND o.id < 9",
    "SELECT l.id FROM labels l JOIN orders o ON l.id = CAST(o.name AS int)",
    "SELECT max(CAST(o.name AS int)) FROM orders o",
)
Asked = Callable[[str], list[Any]]


@pytest.fixture(scope="module")
def mariadb() -> Iterator[Asked]:
    if mariadb_server.missing():
        pytest.skip(mariadb_server.missing())
    server = mariadb_server.MariaDBServer()
    with server.connect() as connection, connection.cursor() as cursor:
        for statement in ("CREATE DATABASE shop", "USE shop", *BUILD):
            cursor.execute(statement)

        def asked(sql: str) -> list[Any]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        yield asked
    server.stop()


@pytest.fixture(scope="module")
def in_duckdb() -> Iterator[Asked]:
    with duckdb.connect() as connection:
        for statement in ("CREATE SCHEMA shop", "USE shop", *BUILD):
            connection.execute(statement)
        yield lambda sql: connection.execute(sql).fetchall()


def sent(sql: str, dialect: str) -> str:
    checked = validate(sql, dialect=dialect, catalog=CATALOG)
    assert isinstance(checked, ValidatedQuery), checked
    limited = restrict(checked, filters_for(POLICIES, CLAIMS, [CATALOG.tables[0]]), catalog=CATALOG)
    assert isinstance(limited, ValidatedQuery), limited
    return limited.sql


@pytest.mark.parametrize("trap", MARIADB)
def test_mariadb_runs_no_test_on_a_hidden_row(mariadb: Asked, trap: str) -> None:
    assert len(mariadb(sent(trap, "mariadb"))) <= 1


@pytest.mark.parametrize("trap", DUCKDB)
def test_duckdb_runs_no_test_on_a_hidden_row(in_duckdb: Asked, trap: str) -> None:
    assert in_duckdb(sent(trap, "duckdb")) == [(1,)]
