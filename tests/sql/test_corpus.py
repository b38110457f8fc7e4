"""Every honest query of the corpus passes and stays itself; every hostile one is refused."""

import pytest

from atlas.sql import Rejection, ValidatedQuery
from tests.sql.world import LISTED_COLUMNS, LISTED_TABLES, Entry, accepted, ask, corpus, each

ACCEPT = corpus("accept")
REJECT = corpus("reject")


def test_corpus_is_as_large_as_promised() -> None:
    assert len(ACCEPT) >= 250
    assert len(REJECT) >= 380
    assert len({entry.name for entry in ACCEPT}) == len(ACCEPT)
    assert len({entry.name for entry in REJECT}) == len(REJECT)


@pytest.mark.parametrize("entry", each(ACCEPT))
def test_honest_query_passes_and_its_rendering_passes_unchanged(entry: Entry) -> None:
    query = accepted(entry.sql)
    assert accepted(query.sql) == query


@pytest.mark.parametrize("entry", each(ACCEPT))
def test_honest_query_reads_listed_names_only(entry: Entry) -> None:
    query = accepted(entry.sql)
    assert set(query.tables) <= LISTED_TABLES
    assert {c for c in query.columns if not c.startswith("events.")} <= LISTED_COLUMNS


@pytest.mark.parametrize("entry", each(REJECT))
def test_hostile_query_is_refused_for_the_reason_given(entry: Entry) -> None:
    answer = ask(entry.sql)
    assert isinstance(answer, Rejection), answer
    assert answer.code == entry.code


@pytest.mark.parametrize("entry", each(REJECT))
def test_refusal_is_one_sentence_with_what_offends_inside_the_text(entry: Entry) -> None:
    answer = ask(entry.sql)
    assert not isinstance(answer, ValidatedQuery)
    assert answer.message[0].isupper()
    assert answer.message[-1] in ".?"
    assert "\n" not in answer.message
    assert "sqlglot" not in answer.message.lower()
    if answer.position is not None:
        lines = entry.sql.split("\n")
        assert 1 <= answer.position.line <= len(lines)
        assert 1 <= answer.position.column <= len(lines[answer.position.line - 1]) + 1
