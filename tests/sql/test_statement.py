"""Promises of the statement stage: exactly one query."""

import pytest

from tests.sql.world import accepted, rejected


@pytest.mark.parametrize("end", ["", ";", ";;", " ; ", "; -- done", ";\n/* done */", " -- done"])
def test_ends_of_a_statement_are_all_the_same(end: str) -> None:
    assert accepted("SELECT 1" + end).sql == "SELECT 1 LIMIT 1001"


@pytest.mark.parametrize("text", ["SELECT 1; SELECT 2", "SELECT 1;;SELECT 2"])
def test_a_second_statement_is_refused(text: str) -> None:
    answer = rejected(text)
    assert (answer.code, answer.offending) == ("several_statements", ";")


def test_empty_statements_around_the_query_are_nothing() -> None:
    assert accepted(";; SELECT 1 ;;").sql == "SELECT 1 LIMIT 1001"


def test_semicolon_in_a_literal_ends_nothing() -> None:
    assert accepted("SELECT '; DROP TABLE x'").sql == "SELECT '; DROP TABLE x' LIMIT 1001"


def test_comments_are_dropped() -> None:
    assert accepted("SELECT /* a */ 1 -- b\n, 2").sql == "SELECT 1, 2 LIMIT 1001"


@pytest.mark.parametrize(
    "verb", ["INSERT INTO orders", "COPY", "DO $$ $$", "EXPLAIN SELECT 1", '"SELECT" 1']
)
def test_other_statements_are_named(verb: str) -> None:
    answer = rejected(verb)
    assert answer.code == "not_a_query"
    assert answer.message.startswith("Only queries can be run, and this begins with ")


@pytest.mark.parametrize(
    ("text", "offending", "position"),
    [
        ("SELECT FROM WHERE", "WHERE", (1, 13)),
        ("SELECT 1,\n  2 3", "3", (2, 5)),
        ("SELECT (1", "1", (1, 9)),
    ],
)
def test_syntax_error_points_at_the_word(
    text: str, offending: str, position: tuple[int, int]
) -> None:
    answer = rejected(text)
    assert (answer.code, answer.offending, answer.position) == ("syntax", offending, position)


def test_parentheses_around_the_whole_are_dropped() -> None:
    assert accepted("((SELECT 1))").sql == "SELECT 1 LIMIT 1001"


def test_limit_on_a_query_in_parentheses_is_kept() -> None:
    query = accepted("(SELECT id FROM orders LIMIT 9) LIMIT 5")
    assert query.sql == "(SELECT orders.id FROM public.orders LIMIT 9) LIMIT 5"
