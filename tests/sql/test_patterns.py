"""Promises about forbidden patterns: found in what was sent and in what would be sent."""

import re

from atlas.sql import Options
from tests.sql.world import accepted, rejected


def only(pattern: str) -> Options:
    return Options(forbidden_patterns=(re.compile(pattern, re.IGNORECASE),))


def test_pattern_in_the_text_is_refused_at_its_place() -> None:
    answer = rejected("SELECT id\nFROM orders /* Hint */", only(r"hint"))
    assert (answer.code, answer.stage) == ("forbidden_pattern", "patterns")
    assert (answer.offending, answer.position) == ("Hint", (2, 16))
    assert answer.message == "This datasource does not accept Hint in a query."


def test_pattern_that_appears_only_in_the_rendering_is_refused() -> None:
    assert rejected("SELECT id FROM/**/orders", only(r"from public\.orders")).code == (
        "forbidden_pattern"
    )


def test_pattern_that_matches_nothing_visible_still_says_something() -> None:
    assert rejected("SELECT 1", only(r"(?=1)")).message == (
        "This datasource does not accept this text in a query."
    )


def test_other_text_passes() -> None:
    assert accepted("SELECT 1", only(r"\bdelete\b"))
