"""What is sent means what was written: every expression gives the engine's own answer to it.

corpus/meaning has one expression a line, of every operator, kind of literal and cast.
"""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from atlas.sql import ValidatedQuery
from atlas.sql.bulk import check_text
from tests.sql.witnesses import mariadb_server
from tests.sql.world import CORPUS

Run = Callable[[str], Any]


def expressions(dialect: str) -> list[str]:
    return (CORPUS / "meaning" / f"{dialect}.txt").read_text().splitlines()


def sent(expression: str, dialect: str) -> tuple[str, str]:
    """A query as somebody writes it, and as it is sent."""
    written = f"SELECT {expression} AS v"
    answer = check_text(written, dialect, ())
    assert isinstance(answer, ValidatedQuery), f"{expression}: {answer}"
    return written, answer.sql


def differing(dialect: str, run: Run) -> list[str]:
    out = []
    for expression in expressions(dialect):
        written, rendered = sent(expression, dialect)
        if repr(run(written)) != repr(run(rendered)):
            out.append(f"{expression} as {rendered}")
    return out


def test_duckdb_gives_the_same() -> None:
    connection = duckdb.connect(config={"threads": 1})
    try:
        assert differing("duckdb", lambda sql: connection.execute(sql).fetchall()) == []
    finally:
        connection.close()


def test_sqlite_gives_the_same() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        assert differing("sqlite", lambda sql: connection.execute(sql).fetchall()) == []
    finally:
        connection.close()


@pytest.mark.engines
def test_postgres_gives_the_same(cluster: Any) -> None:
    with cluster.superuser("postgres") as connection:

        def run(sql: str) -> list[Any]:
            found: list[Any] = connection.execute(sql.encode()).fetchall()
            return found

        assert differing("postgres", run) == []


@pytest.fixture
def mariadb() -> Iterator[Any]:
    if mariadb_server.missing():
        pytest.skip(mariadb_server.missing())
    server = mariadb_server.MariaDBServer()
    connection = server.connect()
    yield connection
    connection.close()
    server.stop()


@pytest.mark.engines
def test_mariadb_gives_the_same(mariadb: Any) -> None:
    def run(sql: str) -> Any:
        with mariadb.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    assert differing("mariadb", run) == []


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgres", "mariadb"])
def test_enough_is_asked(dialect: str) -> None:
    found = expressions(dialect)
    assert len(found) >= 170
    assert len(set(found)) == len(found)
