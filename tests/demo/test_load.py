"""Loading into a real PostgreSQL: all or nothing, and a login that can only read."""

import datetime as dt

import psycopg
import pytest
from psycopg import errors

from atlas.demo import load as loading
from atlas.demo import logins
from atlas.demo.facts import Plan
from atlas.demo.load import LISTED_TABLES, Loaded, load, loaded
from atlas.demo.stream import fingerprint
from atlas.runtime.local_postgres import SUPERUSER
from tests.cluster import TestCluster
from tests.demo.conftest import AS_OF, Shop


def test_the_database_says_how_it_was_made(shop: Shop) -> None:
    expected = Loaded(AS_OF, 1996, 0.05, fingerprint(Plan(AS_OF, scale=0.05)))

    assert shop.loaded == expected
    assert loaded(shop.owner_url) == expected


def test_counts_and_money(shop: Shop) -> None:
    with shop.as_reader() as connection:
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("customers", "products", "orders")
        }
        types = connection.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns"
            " WHERE column_name IN ('unit_price', 'freight', 'discount')"
        ).fetchall()

    assert counts == {"customers": 91, "products": 77, "orders": 1020}
    assert types == [("numeric",)]


def test_every_listed_table_has_a_primary_key_and_was_analyzed(shop: Shop) -> None:
    with shop.as_owner() as connection:
        keys = connection.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'p' AND connamespace = 'public'::regnamespace"
        ).fetchall()
        rows = connection.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'orders'::regclass"
        ).fetchone()

    assert {name for (name,) in keys} == set(LISTED_TABLES)
    assert rows == (1020,)


@pytest.mark.parametrize("table", LISTED_TABLES)
def test_the_reader_reads_every_listed_table(shop: Shop, table: str) -> None:
    with shop.as_reader() as connection:
        assert connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM orders", errors.InsufficientPrivilege),
        ("UPDATE products SET unit_price = 0", errors.InsufficientPrivilege),
        ("INSERT INTO shippers VALUES (9, 'x', 'y')", errors.InsufficientPrivilege),
        ("TRUNCATE orders", errors.InsufficientPrivilege),
        ("DROP TABLE orders", errors.InsufficientPrivilege),
        ("CREATE TABLE mine (a int)", errors.InsufficientPrivilege),
        ("CREATE TEMP TABLE mine (a int)", errors.InsufficientPrivilege),
        ("CREATE SCHEMA mine", errors.InsufficientPrivilege),
        ("SELECT * FROM demo_info", errors.InsufficientPrivilege),
        ("COPY orders TO '/tmp/x'", errors.InsufficientPrivilege),
        ("SELECT pg_read_file('/etc/passwd')", errors.InsufficientPrivilege),
        ("CREATE ROLE mine", errors.InsufficientPrivilege),
        ("ALTER ROLE northwind_reader SUPERUSER", errors.InsufficientPrivilege),
    ],
)
def test_the_reader_cannot_do_more_even_outside_read_only(
    shop: Shop, statement: str, error: type[psycopg.Error]
) -> None:
    with shop.as_reader() as connection:
        connection.execute("SET default_transaction_read_only = off")
        with pytest.raises(error):
            connection.execute(statement)


def test_the_reader_starts_read_only_and_with_limits(shop: Shop) -> None:
    with shop.as_reader() as connection:
        settings = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in logins.READER_SETTINGS
        }

    assert settings == {
        "default_transaction_read_only": "on",
        "statement_timeout": "30s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "1min",
    }


def test_the_reader_enters_no_other_database(shop: Shop, cluster: TestCluster) -> None:
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(cluster.url(logins.READER, database))


def test_a_failed_load_leaves_the_old_data(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LISTED_TABLES", ("no_such_table",))

    with pytest.raises(errors.UndefinedTable):
        load(shop.owner_url, as_of=dt.date(2025, 1, 1), scale=0.01)

    assert loaded(shop.owner_url) == shop.loaded


def test_loading_again_replaces_everything(cluster: TestCluster, shop: Shop) -> None:
    name = "northwind_again"
    with cluster.superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {logins.OWNER}")
    url = cluster.url(logins.OWNER, name)
    try:
        load(url, as_of=AS_OF, scale=0.01)
        second = load(url, as_of=AS_OF, seed=3, scale=0.02)

        assert loaded(url) == second
        with psycopg.connect(url) as owner:
            assert owner.execute("SELECT count(*) FROM orders").fetchone() == (408,)
    finally:
        cluster.drop(name)


def test_an_empty_database_holds_nothing(cluster: TestCluster) -> None:
    assert loaded(cluster.url(SUPERUSER, "template1")) is None
