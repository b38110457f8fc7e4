"""A corpus written from the engines' manuals that no list of the guard was tuned on."""

import pytest

from atlas.sql import Rejection, ValidatedQuery
from atlas.sql.bulk import check_text
from atlas.sql.dialects import DIALECTS
from tests.sql.other import TABLES
from tests.sql.world import Entry, corpus

# What the parser does not know; each is refused with a clear message.
NOT_PARSED = {
    ("bigquery", "023"): "pipe operators SET and DROP",
    ("postgres", "043"): "ORDER BY ... USING",
}


def entries(kind: str) -> list[object]:
    found = [(d, entry) for d in DIALECTS for entry in corpus(f"held_out/{kind}", d)]
    return [pytest.param(d, entry, id=f"{d}-{entry.name}") for d, entry in found]


@pytest.mark.parametrize(("dialect", "entry"), entries("accept"))
def test_honest_query_passes(dialect: str, entry: Entry) -> None:
    answer = check_text(entry.sql, dialect, TABLES)
    if (dialect, entry.name) in NOT_PARSED:
        assert isinstance(answer, Rejection)
        assert answer.code == "syntax"
        return
    assert isinstance(answer, ValidatedQuery), answer
    again = check_text(answer.sql, dialect, TABLES)
    assert isinstance(again, ValidatedQuery), again
    assert (again.sql, again.tables) == (answer.sql, answer.tables)


@pytest.mark.parametrize(("dialect", "entry"), entries("reject"))
def test_hostile_query_is_refused(dialect: str, entry: Entry) -> None:
    answer = check_text(entry.sql, dialect, TABLES)
    assert isinstance(answer, Rejection), answer
    assert answer.code not in {"guard_fault", "not_reproducible"}


def test_corpus_is_as_large_as_promised() -> None:
    assert len(entries("accept")) >= 200
    assert len(entries("reject")) >= 300
    assert len(NOT_PARSED) <= len(entries("accept")) * 0.02
