"""The tutorial as it is told: real tables, a draft, some lines by hand, and right answers."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from atlas.analyst import Answer, Refuse, Situation, analyse, tell
from atlas.semantic.compile import compile_query
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import load_layer
from atlas.semantic.refresh import refresh_queries, refreshed
from atlas.sql import ValidatedQuery, validate
from tests.database import ROOT, ProcessDatabase
from tests.processes.conftest import SignIn
from tests.processes.fleet import Fleet
from tests.tutorial.conftest import FOLDER, Flights
from tests.tutorial.questions import QUESTIONS, Question

pytestmark = pytest.mark.real_data

FINISHED = FOLDER / "semantic"
LAST_DAY = dt.date(2013, 12, 31)
Rows = list[tuple[Any, ...]]
Run = Callable[[str], Rows]


def test_every_row_of_the_package_is_there(flights: Flights) -> None:
    assert flights.counts == {
        "airlines": 16,
        "airports": 1_458,
        "planes": 3_322,
        "weather": 26_115,
        "flights": 336_776,
    }


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM flights",
        "UPDATE flights SET distance = 0",
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
    ],
)
def test_the_login_may_only_read(flights: Flights, statement: str) -> None:
    with flights.as_reader() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.fixture(scope="module")
def run(flights: Flights) -> Iterator[Run]:
    with flights.as_reader() as connection:
        yield lambda text: connection.execute(text.encode()).fetchall()


@pytest.fixture(scope="module")
def finished(run: Run) -> SemanticLayer:
    found = load_layer(FINISHED)
    queries = refresh_queries(found)
    assert queries.as_of is not None
    values = {ref: [row[0] for row in run(text)] for ref, text in queries.values.items()}
    return refreshed(found, as_of=run(queries.as_of)[0][0], values=values)


def answered(question: str, layer: SemanticLayer, run: Run) -> tuple[Rows, str]:
    """The rows of a question and the sentence, by the same way as in the product."""
    found = analyse(question, Situation(layer, LAST_DAY))
    assert isinstance(found, Answer), (question, found)
    compiled = compile_query(layer, found.query, today=LAST_DAY)
    passed = validate(compiled.sql, dialect="postgres", catalog=layer.catalog())
    assert isinstance(passed, ValidatedQuery), (question, passed)
    rows = run(passed.sql)
    names = [column.name for column in compiled.columns]
    return rows, tell(found.query, compiled, names, [list(r) for r in rows], False, LAST_DAY)


def exact(rows: Rows) -> Rows:
    """Averages lose digits that depend on the order of addition; all else is kept."""
    return [tuple(round(c, 10) if isinstance(c, Decimal) else c for c in row) for row in rows]


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.text for question in QUESTIONS])
def test_the_finished_layer_answers_as_sql_by_hand(
    question: Question, finished: SemanticLayer, run: Run
) -> None:
    rows, said = answered(question.text, finished, run)

    assert exact(rows) == exact(run(question.sql))
    assert question.says in said


@pytest.fixture(scope="module")
def drafted(
    flights: Flights, cluster: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with the layer that `semantic draft` wrote, as the tutorial calls it."""
    folder = tmp_path_factory.mktemp("tutorial")
    flights.operators_file(folder)
    name = "atlas_of_the_tutorial"
    cluster.copy_of_template(name)
    database = ProcessDatabase(name, cluster.url(database=name), cluster.url(database=name))
    for words, said in (
        ("datasource check flights", "The login may read what is listed, no more."),
        ("semantic draft flights", "7 files in "),
        ("semantic check", "5 entities, 0 errors, "),
        ("datasource check flights", "The login may read what is listed, no more."),
    ):
        assert said in manage(folder, database, words)
    yield folder / "semantic"
    cluster.drop(name)


def manage(folder: Path, database: ProcessDatabase, words: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words.split()],
        cwd=ROOT,
        env={
            **os.environ,
            **database.variables,
            "ATLAS_DATA_DIR": str(folder / "data"),
            "ATLAS_CONFIG": str(folder / "config.py"),
            "DJANGO_SETTINGS_MODULE": "atlas.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.text for question in QUESTIONS])
def test_the_draft_alone_answers_right_or_not_at_all(
    question: Question, drafted: Path, run: Run
) -> None:
    layer = load_layer(drafted)
    if not question.by_draft:
        assert isinstance(analyse(question.text, Situation(layer, LAST_DAY)), Refuse)
        return

    rows, _ = answered(question.text, layer, run)

    assert exact(rows) == exact(run(question.sql))


def test_the_running_product_gives_the_same_answers(
    flights: Flights, fleet: Fleet, sign_in: SignIn, tmp_path: Path
) -> None:
    folder = tmp_path / "flights"
    folder.mkdir()
    config = flights.operators_file(folder)
    (folder / "semantic").symlink_to(FINISHED)
    server = fleet.start("serve", ATLAS_CONFIG=str(config))
    ann = sign_in("ann", server.address)

    with ann.socket() as socket:
        for question in QUESTIONS:
            started = socket.ask(question.text)
            assert socket.end_of(started["run"])["kind"] == "done", question.text
            assert question.says in socket.text(started["run"]), question.text
