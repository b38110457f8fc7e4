"""Promises of manage.py: the database starts only for commands that need it."""

import subprocess
import sys
from pathlib import Path

import pytest

from atlas.runtime.command_line import asks_database, needs_database
from tests.runtime.conftest import ROOT


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("manage.py", False),
        ("manage.py help", False),
        ("manage.py check", False),
        ("manage.py db status", False),
        ("manage.py migrate --help", False),
        ("manage.py serve -h", False),
        ("manage.py migrate", True),
        ("manage.py shell", True),
        ("manage.py serve --port 80", True),
    ],
)
def test_which_commands_need_the_database(line: str, needed: bool) -> None:
    assert needs_database(line.split()) is needed


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("manage.py serve", False),
        ("manage.py migrate", False),
        ("manage.py semantic --help", False),
        ("manage.py plugin create mine --type context", False),
        ("manage.py plugin list", True),
        ("manage.py semantic draft demo", True),
        ("manage.py audit_verify", True),
    ],
)
def test_which_commands_are_of_no_use_without_the_database(line: str, asks: bool) -> None:
    assert asks_database(line.split()) is asks


@pytest.mark.processes
@pytest.mark.parametrize("line", ["datasource check demo", "semantic draft demo", "plugin list"])
def test_a_database_that_is_away_is_one_sentence_at_once(tmp_path: Path, line: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *line.split()],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env={
            "ATLAS_DATA_DIR": str(tmp_path),
            "ATLAS_SECRET_KEY": "x",
            "DATABASE_URL": "postgresql://ann:topsecret@127.0.0.1:9/x",
        },
    )

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Error: Atlas's database does not let ann in: Connection refused. "
        "Start it, or check DATABASE_URL and DATABASE_OWNER_URL."
    )


@pytest.mark.processes
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"DATABASE_URL": "mysql://root:topsecret@h/x"},
            "Error: DATABASE_URL is not an address of a PostgreSQL database. "
            "Write it as postgresql://login:password@host:5432/database.",
        ),
        (
            {"ATLAS_DEMO": "perhaps"},
            "Error: the environment has values that cannot be used. "
            "ATLAS_DEMO: Input should be a valid boolean, unable to interpret input",
        ),
    ],
)
def test_wrong_variables_end_in_one_sentence(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"ATLAS_DATA_DIR": str(tmp_path), "ATLAS_SECRET_KEY": "x", **variables},
    )

    assert done.returncode == 1
    assert done.stderr.strip() == sentence
