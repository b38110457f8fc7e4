"""The corpus of every engine but PostgreSQL: honest queries pass, hostile ones are refused."""

import sqlite3

import duckdb
import pytest

from atlas.sql import Rejection, ValidatedQuery
from tests.sql.other import OTHERS, TABLES, ask, entries, held_out
from tests.sql.world import Entry, corpus

ACCEPT = entries("accept")
REJECT = entries("reject")


def named(found: list[tuple[str, Entry]]) -> list[object]:
    return [pytest.param(dialect, e, id=f"{dialect}-{e.name}") for dialect, e in found]


def test_corpus_is_as_large_as_promised() -> None:
    assert len(ACCEPT) >= 400
    assert len(REJECT) >= 600
    for found in (ACCEPT, REJECT):
        assert len({(dialect, entry.name) for dialect, entry in found}) == len(found)
        held = sum(held_out(dialect, entry) for dialect, entry in found)
        assert 0.45 < held / len(found) < 0.55


@pytest.mark.parametrize(("dialect", "entry"), named(ACCEPT))
def test_honest_query_passes_and_its_rendering_passes_unchanged(dialect: str, entry: Entry) -> None:
    query = ask(entry.sql, dialect)
    assert isinstance(query, ValidatedQuery), query
    assert set(query.tables) <= set(TABLES)
    again = ask(query.sql, dialect)
    assert isinstance(again, ValidatedQuery), again
    assert again.sql == query.sql
    assert again.tables == query.tables


@pytest.mark.parametrize(("dialect", "entry"), named(REJECT))
def test_hostile_query_is_refused_with_one_sentence(dialect: str, entry: Entry) -> None:
    answer = ask(entry.sql, dialect)
    assert isinstance(answer, Rejection), answer
    assert answer.code not in {"guard_fault", "not_reproducible"}
    assert answer.message[0].isupper()
    assert answer.message[-1] in ".?"
    assert "\n" not in answer.message
    assert "sqlglot" not in answer.message.lower()
    if answer.position is not None:
        lines = entry.sql.split("\n")
        assert 1 <= answer.position.line <= len(lines)
        assert 1 <= answer.position.column <= len(lines[answer.position.line - 1]) + 1


_COLUMNS = {
    "customers": "id int, name T, country T, city T",
    "employees": "id int, name T, manager_id int, hired_on date",
    "products": "id int, name T, category T, price N, stock int, discontinued int",
    "orders": "id int, customer_id int, employee_id int, status T, ordered_on date, shipped_at S,"
    " total N, note T, tags A, details J",
    "analytics.events": 'id int, user_id int, kind T, "at" S, payload J',
}
_TYPES = {
    "duckdb": {
        "T": "VARCHAR",
        "S": "TIMESTAMP",
        "N": "DECIMAL(12,2)",
        "A": "VARCHAR[]",
        "J": "JSON",
    },
    "sqlite": {"T": "TEXT", "S": "TEXT", "N": "REAL", "A": "TEXT", "J": "TEXT"},
}


def statements(dialect: str) -> list[str]:
    """The tables of the corpus, empty, in the engine's types."""
    out = []
    for table, columns in _COLUMNS.items():
        typed = [
            " ".join(_TYPES[dialect].get(word, word) for word in column.split())
            for column in columns.split(",")
        ]
        out.append(f"CREATE TABLE {table} ({', '.join(typed)})")
    return out


def rendered(dialect: str) -> list[tuple[str, str]]:
    answers = [(entry.name, ask(entry.sql, dialect)) for entry in corpus("accept", dialect)]
    return [(name, query.sql) for name, query in answers if isinstance(query, ValidatedQuery)]


# The library of Python 3.11 is older than these.
_TOO_NEW_FOR_SQLITE = {"group concat"} if sqlite3.sqlite_version_info < (3, 44) else set()


def test_every_honest_query_runs_on_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("ATTACH ':memory:' AS analytics")
    for statement in statements("sqlite"):
        connection.execute(statement)
    for name, sql in rendered("sqlite"):
        if name not in _TOO_NEW_FOR_SQLITE:
            assert isinstance(connection.execute(sql).fetchall(), list)
    connection.close()


def test_every_honest_query_runs_on_duckdb() -> None:
    connection = duckdb.connect(config={"enable_external_access": "false"})
    connection.execute("CREATE SCHEMA analytics")
    for statement in statements("duckdb"):
        connection.execute(statement)
    for _name, sql in rendered("duckdb"):
        assert isinstance(connection.execute(sql).fetchall(), list)
    connection.close()


def test_no_dialect_is_left_out() -> None:
    assert {dialect for dialect, _entry in ACCEPT} == {dialect for dialect, _ in REJECT}
    assert {dialect for dialect, _entry in ACCEPT} == set(OTHERS)
