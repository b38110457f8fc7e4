"""Promises of the token stage: one meaning for every literal, and bounded nesting."""

import pytest

from tests.sql.world import accepted, rejected


@pytest.mark.parametrize(
    ("literal", "rendered"),
    [
        ("'a\\'", "'a\\'"),
        ("'it''s'", "'it''s'"),
        ("E'it\\'s'", "'it''s'"),
        ("E'it''s'", "'it''s'"),
        ("e'\\\\'", "'\\'"),
        ("E'\\t\\n\\b\\f\\r'", "'\t\n\b\f\r'"),
        ("E'\\x41\\x4'", "'A\x04'"),
        ("E'\\x'", "'x'"),
        ("E'\\101\\60'", "'A0'"),
        ("E'\\u00e9\\U0001F600'", "'\u00e9\U0001f600'"),
        ("E'\\q\\%'", "'q%'"),
        ("$$it's$$", "'it''s'"),
        ("$a$ $$ $a$", "' $$ '"),
        ("N'abc'", "'abc'"),
        ("'a'\n'b'", "'ab'"),
        ("'a' -- x\n 'b'", "'ab'"),
        ("'a'\n'b'\n'c'", "'abc'"),
        ("b'101'", "b'101'"),
        ("x'1F'", "x'1F'"),
        ("0x1F", "31"),
        ("0b101", "5"),
        ("1_000", "1000"),
        ("1_000_000", "1000000"),
        ("1.5e3", "1.5e3"),
        (".5", "0.5"),
    ],
)
def test_literal_is_written_in_the_form_all_readers_share(literal: str, rendered: str) -> None:
    assert accepted(f"SELECT {literal}").sql == f"SELECT {rendered} LIMIT 1001"


@pytest.mark.parametrize(
    "text", ["SELECT 'a' 'b'", "SELECT 1a", "SELECT 1_", "SELECT 1__0", "SELECT 0b2", "SELECT 0x"]
)
def test_literal_nobody_reads_alike_is_refused(text: str) -> None:
    assert rejected(text).code in {"syntax", "unreadable"}


@pytest.mark.parametrize(
    "text", ["SELECT E'\\u00'", "SELECT E'\\400'", "SELECT E'\\xff'", "SELECT E'\\uzzzz'"]
)
def test_escape_that_is_no_character_is_refused(text: str) -> None:
    assert rejected(text).code == "bad_escape"


@pytest.mark.parametrize("text", ['SELECT U&"a"', 'SELECT u&"a"', "SELECT U&'a'", "SELECT u&'a'"])
def test_unicode_forms_are_refused(text: str) -> None:
    answer = rejected(text)
    assert (answer.code, answer.stage) == ("unicode_escape", "tokens")


def test_and_operator_on_a_quoted_name_is_not_a_unicode_form() -> None:
    query = accepted('SELECT u & "b" FROM (SELECT 1 AS u, 2 AS b) t')
    assert query.sql == 'SELECT t.u & t."b" FROM (SELECT 1 AS u, 2 AS b) AS t LIMIT 1001'


@pytest.mark.parametrize(
    ("opening", "closing", "most"),
    [("(", ")", 40), ("abs(", ")", 40), ("ARRAY[", "]", 3), ("date(", ")", 3)],
)
def test_nesting_is_refused_beyond_its_limit(opening: str, closing: str, most: int) -> None:
    deep = most + 1
    answer = rejected(f"SELECT {opening * deep}1{closing * deep}")
    assert (answer.code, answer.stage) == ("too_deep", "tokens")
    assert accepted(f"SELECT {opening * min(most, 20)}1{closing * min(most, 20)}")


@pytest.mark.parametrize("word", ["NOT ", "- ", "~ ", "CASE "])
def test_long_runs_of_prefixes_are_refused(word: str) -> None:
    assert rejected(f"SELECT {word * 41}1").code == "too_deep"


def test_too_many_tokens_are_refused() -> None:
    answer = rejected("SELECT " + "1," * 30_000 + "1")
    assert (answer.code, answer.stage) == ("too_complex", "tokens")


def test_stray_closing_brackets_are_a_syntax_error() -> None:
    assert rejected("SELECT 1" + ")" * 50).code == "syntax"


def test_what_overflows_the_stack_is_refused() -> None:
    answer = rejected("SELECT " + "CASE WHEN TRUE THEN " * 900 + "1" + " END" * 900)
    assert answer.code == "too_deep"
    assert answer.message == "The query is nested too deeply; use WITH to flatten it."
