"""Promises of the text stage: size, blank text and characters that hide something."""

import pytest

from tests.sql.world import accepted, rejected


def test_text_of_exactly_the_limit_passes_and_one_more_is_refused() -> None:
    padding = " " * (100_000 - len("SELECT 1"))
    assert accepted("SELECT 1" + padding).sql == "SELECT 1 LIMIT 1001"
    answer = rejected("SELECT 1 " + padding)
    assert (answer.code, answer.stage) == ("too_long", "text")
    assert answer.message == "The query has 100,001 characters; the limit is 100,000."


@pytest.mark.parametrize("text", ["", " ", "\n\t", "--", "/* */", ";", " ;; "])
def test_blank_text_is_refused_as_empty(text: str) -> None:
    assert rejected(text).code == "empty"


@pytest.mark.parametrize(
    "text", ["SELECT '\0'", "SELECT 1\0", "\0", 'SELECT 1 AS "\0"', "SELECT 1 -- \0"]
)
def test_nul_is_refused_everywhere(text: str) -> None:
    answer = rejected(text)
    assert (answer.code, answer.offending) == ("forbidden_character", "U+0000")


@pytest.mark.parametrize(
    "char",
    [
        "\x01",
        "\x07",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x7f",
        "\x85",
        "\xa0",
        "\xad",
        "\u061c",
        "\u2003",
        "\u200b",
        "\u200d",
        "\u200f",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u3000",
        "\ufeff",
        "\ud800",
    ],
    ids=ascii,
)
@pytest.mark.parametrize(
    "place", ["SELECT{}1", "SELECT 1 -- {}\n", 'SELECT 1 AS "a{}b"', "{}SELECT 1"]
)
def test_hiding_character_is_refused_outside_text_literals(char: str, place: str) -> None:
    answer = rejected(place.format(char))
    assert (answer.code, answer.offending) == ("forbidden_character", f"U+{ord(char):04X}")


@pytest.mark.parametrize("char", ["\x01", "\x0b", "\xa0", "\u200f", "\u202e", "\u2028"], ids=ascii)
@pytest.mark.parametrize("literal", ["'a{}b'", "$$a{}b$$", "E'a{}b'"])
def test_hiding_character_is_kept_inside_a_text_literal(char: str, literal: str) -> None:
    assert accepted("SELECT " + literal.format(char)).sql == f"SELECT 'a{char}b' LIMIT 1001"


def test_hiding_character_after_a_literal_is_refused_at_its_place() -> None:
    answer = rejected("SELECT 'a\u200f', 'b',\n \u200f'c'")
    assert answer.position == (2, 2)


@pytest.mark.parametrize("blank", ["\t", "\n", "\r", "\r\n", " "])
def test_plain_blanks_pass(blank: str) -> None:
    assert accepted(f"SELECT{blank}1").sql == "SELECT 1 LIMIT 1001"
