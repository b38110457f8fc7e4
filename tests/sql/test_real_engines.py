"""Real engines as witnesses: what passes needs no right beyond the listed columns, and runs."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from atlas.sql import ValidatedQuery
from tests.sql.other import ask
from tests.sql.test_held_out import NOT_PARSED
from tests.sql.witnesses import clickhouse, mariadb_server
from tests.sql.witnesses.answers import Witness
from tests.sql.witnesses.duck import DuckDB
from tests.sql.witnesses.fuzzing import Figures, fuzz
from tests.sql.witnesses.maria import MariaDB
from tests.sql.witnesses.postgres import PostgreSQL
from tests.sql.witnesses.sending import checked
from tests.sql.witnesses.sqlite import SQLite
from tests.sql.world import Entry, corpus

LONG = bool(os.environ.get("ATLAS_TEST_LONG"))
# Changed texts for each engine.
TEXTS = 10_000 if LONG else 125
SEED = int(os.environ.get("ATLAS_FUZZ_SEED", "1"))
MARKS = (1, 2)
CORPORA = [
    ("postgres", "postgres"),
    ("mariadb", "mariadb"),
    ("mariadb", "mysql"),
    ("duckdb", "duckdb"),
    ("sqlite", "sqlite"),
]
# A library of half a gigabyte, so only the long run asks ClickHouse.
if LONG:
    CORPORA.append(("clickhouse", "clickhouse"))
MAKERS: dict[str, Any] = {
    "mariadb": MariaDB,
    "duckdb": DuckDB,
    "sqlite": SQLite,
    "clickhouse": clickhouse.ClickHouse,
}
# Why an engine here does not know a text of its corpus.
UNKNOWN_HERE = {
    # MariaDB is asked instead, which has no ROW in VALUES either.
    "mysql": "any value, 003, 006, 007, 010, 014, 017, 024, 026, 027, 028, reader 003",
    "sqlite": "group concat",  # STRING_AGG came with SQLite 3.44
}
# The test library lacks what turns these into Python values.
NOT_FETCHED = {("duckdb", "at time zone")}

pytestmark = pytest.mark.engines
Pair = tuple[Any, Any]


@pytest.fixture(scope="module")
def companies() -> Iterator[dict[str, list[Any]]]:
    """The companies of each engine that was asked for so far."""
    made: dict[str, list[Any]] = {}
    yield made
    for company in [company for pair in made.values() for company in pair]:
        company.close()


@pytest.fixture
def pair(request: pytest.FixtureRequest, companies: dict[str, list[Any]]) -> Pair:
    """Two companies in one engine that differ in unlisted cells only."""
    engine = request.param
    missing = {"mariadb": mariadb_server.missing, "clickhouse": clickhouse.missing}.get(engine)
    if missing is not None and missing():
        pytest.skip(missing())
    if engine not in companies:
        made = companies.setdefault(engine, [])
        for mark in MARKS:
            made.append(_company(request, engine, mark))
    first, second = companies[engine]
    return first, second


def _company(request: pytest.FixtureRequest, engine: str, mark: int) -> Any:
    if engine == "postgres":
        return PostgreSQL(request.getfixturevalue("cluster"), mark)
    return MAKERS[engine](mark)


@pytest.mark.parametrize(("pair", "dialect"), CORPORA, indirect=["pair"])
def test_honest_queries_run_with_rights_on_their_tables_only(pair: Pair, dialect: str) -> None:
    witness: Witness = pair[0]
    before = witness.state()
    wrong = []
    for entry in honest(dialect):
        query = checked(entry.sql, dialect)
        assert query is not None, entry
        answer = witness.read(query.sql, query.tables)
        if answer.kind != "rows" and not _excused(dialect, entry, answer.kind):
            wrong.append(f"{entry.name}: {answer.kind} {answer.said}\n{query.sql}")
        planned = witness.reads(query.sql) if answer.kind == "rows" else None
        if planned is not None and not planned <= set(query.tables):
            wrong.append(f"{entry.name}: the plan reads {planned}, the guard said {query.tables}")
    assert wrong == []
    assert witness.state() == before


def honest(dialect: str) -> list[Entry]:
    """Every honest query but those that the parser does not know."""
    found = corpus("accept", dialect)
    if dialect != "postgres":
        held_out = corpus("held_out/accept", dialect)
        found += [entry for entry in held_out if (dialect, entry.name) not in NOT_PARSED]
    return found


def _excused(dialect: str, entry: Entry, kind: str) -> bool:
    if (dialect, entry.name) in NOT_FETCHED:
        return True
    return kind != "denied" and entry.name in UNKNOWN_HERE.get(dialect, "").split(", ")


@pytest.mark.parametrize(
    ("pair", "dialect"), [c for c in CORPORA if c[0] != "postgres"], indirect=["pair"]
)
def test_checked_text_gives_what_the_original_gives(pair: Pair, dialect: str) -> None:
    owner, wrong = pair[0].as_owner, []
    for entry in honest(dialect):
        query = ask(entry.sql, dialect)
        assert isinstance(query, ValidatedQuery)
        if _excused(dialect, entry, "refused"):
            continue
        original = entry.sql.strip().rstrip(";")
        if CHANGING.search(original):
            continue
        if owner(query.sql) == owner(original) or _is_random(owner, original):
            continue
        wrong.append(f"{entry.name}: {original}\n{query.sql}")
    assert wrong == []


# Texts whose answer depends on the moment or on chance; asking eight times may not show it.
CHANGING = re.compile(
    r"now|today|current_(date|time)|localtime|sysdate|unixepoch|curdate|curtime|utc_|sample"
    r"|random|rand\b|uuid|unix_timestamp",
    re.IGNORECASE,
)


def _is_random(owner: Any, sql: str) -> bool:
    return len({repr(owner(sql)) for _ in range(8)}) > 1


@pytest.mark.parametrize(("pair", "dialect"), CORPORA, indirect=["pair"])
def test_changed_tokens_reach_no_unlisted_cell_and_change_nothing(pair: Pair, dialect: str) -> None:
    texts = [entry.sql for entry in honest(dialect) if entry.sql]
    figures = fuzz(dialect, texts, pair, count=TEXTS, seed=SEED)
    _print(dialect, figures)
    assert figures.wrong == []
    assert figures.kinds["rows"] >= TEXTS // 50


def _print(dialect: str, figures: Figures) -> None:
    told = f"seed {SEED}, {figures.made} made, {figures.accepted} accepted, {dict(figures.kinds)}"
    print(f"\n{dialect}: {told}")  # noqa: T201 - the figures are the report
    for wrong in figures.wrong:
        print(f"  {wrong}")  # noqa: T201 - the same
    for said, times in figures.unknown.most_common(40):
        print(f"  {times} x {said}")  # noqa: T201 - the same
