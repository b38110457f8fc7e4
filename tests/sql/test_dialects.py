"""Promises about dialects: known ones by name, others refused with a sentence."""

import subprocess
import sys

import pytest

from atlas.sql import Catalog, Rejection, ValidatedQuery, validate
from atlas.sql.dialects import DIALECTS

EMPTY = Catalog(())


@pytest.mark.parametrize("name", ["postgres", "PostgreSQL", "POSTGRES"])
def test_postgres_is_known_by_its_names(name: str) -> None:
    answer = validate("SELECT 1", dialect=name, catalog=EMPTY)
    assert isinstance(answer, ValidatedQuery)
    assert answer.dialect == "postgres"


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_is_known_by_its_name(name: str) -> None:
    answer = validate("SELECT 1", dialect=name.upper(), catalog=EMPTY)
    assert isinstance(answer, ValidatedQuery)
    assert answer.dialect == name
    assert answer.sql == "SELECT 1 LIMIT 1001"


@pytest.mark.parametrize("name", ["oracle", "", "soql"])
def test_other_dialects_are_refused(name: str) -> None:
    answer = validate("SELECT 1", dialect=name, catalog=EMPTY)
    assert isinstance(answer, Rejection)
    assert (answer.code, answer.stage) == ("unknown_dialect", "dialect")
    assert answer.message.endswith(f"cannot be checked yet; known: {', '.join(DIALECTS)}.")


def test_only_the_dialect_that_is_asked_for_is_loaded() -> None:
    program = (
        "import sys; from atlas.sql import Catalog, validate;"
        "validate('SELECT 1', dialect='postgres', catalog=Catalog(()));"
        "print([m for m in sys.modules if m.startswith('sqlglot.dialects.')"
        " and m.rpartition('.')[2] in ('duckdb', 'mysql', 'sqlite', 'clickhouse', 'snowflake',"
        " 'bigquery')])"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"
