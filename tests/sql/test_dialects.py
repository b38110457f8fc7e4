"""Promises about dialects: known ones by name, others refused with a sentence."""

import pytest

from atlas.sql import Catalog, Rejection, ValidatedQuery, validate

EMPTY = Catalog(())


@pytest.mark.parametrize("name", ["postgres", "PostgreSQL", "POSTGRES"])
def test_postgres_is_known_by_its_names(name: str) -> None:
    answer = validate("SELECT 1", dialect=name, catalog=EMPTY)
    assert isinstance(answer, ValidatedQuery)
    assert answer.dialect == "postgres"


@pytest.mark.parametrize("name", ["mysql", "duckdb", "", "soql"])
def test_other_dialects_are_refused(name: str) -> None:
    answer = validate("SELECT 1", dialect=name, catalog=EMPTY)
    assert isinstance(answer, Rejection)
    assert (answer.code, answer.stage) == ("unknown_dialect", "dialect")
    assert answer.message.endswith("cannot be checked yet; known: postgres.")
