"""Promises about TPC-H and TPC-DS: their queries pass, and mean the same when they were checked.

`make corpus` writes the queries and the data; without them these tests are skipped.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from atlas.sql import Catalog, Options, Table, ValidatedQuery, validate
from tests.sql.world import CORPUS

SUITES = ("tpch", "tpcds")
DIALECTS = ("postgres", "mysql", "duckdb", "clickhouse")
FOLDER = CORPUS / "tpc"
TEXTS = sorted(FOLDER.glob("*/*.sql"))
# No query of theirs has as many rows in so little data, so that the cap changes nothing.
UNCAPPED = Options(max_rows=1_000_000)

pytestmark = pytest.mark.skipif(not TEXTS, reason="`make corpus` has not written the TPC queries")


def queries() -> list[object]:
    return [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in TEXTS]


def catalog(suite: str, *, opened: bool) -> Catalog:
    tables = json.loads((FOLDER / suite / "tables.json").read_text())
    return Catalog(
        tuple(Table(None, name, None if opened else tuple(tables[name])) for name in tables)
    )


def checked(path: Path, dialect: str, *, opened: bool) -> ValidatedQuery:
    listed = catalog(path.parent.name, opened=opened)
    answer = validate(path.read_text(), dialect=dialect, catalog=listed, options=UNCAPPED)
    assert isinstance(answer, ValidatedQuery), answer
    return answer


def test_every_query_is_there() -> None:
    assert [len(list((FOLDER / suite).glob("*.sql"))) for suite in SUITES] == [22, 99]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("path", queries())
def test_query_passes(path: Path, dialect: str) -> None:
    assert checked(path, dialect, opened=True).tables == checked(path, dialect, opened=False).tables


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, duckdb.DuckDBPyConnection]]:
    """One DuckDB for each suite, with its data and one thread, so that ties fall alike."""
    made = {}
    for suite in SUITES:
        connection = duckdb.connect(config={"threads": 1})
        for file in (FOLDER / suite).glob("*.parquet"):
            connection.execute(f"CREATE TABLE {file.stem} AS FROM '{file}'")
        made[suite] = connection
    yield made
    for connection in made.values():
        connection.close()


@pytest.mark.parametrize("path", queries())
def test_checked_query_returns_the_rows_of_the_original(path: Path, engines: Any) -> None:
    engine = engines[path.parent.name]
    original = engine.execute(path.read_text()).fetchall()
    for opened in (True, False):
        rendered = engine.execute(checked(path, "duckdb", opened=opened).sql).fetchall()
        assert sorted(map(repr, rendered)) == sorted(map(repr, original))
