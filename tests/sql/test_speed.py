"""Promises about work, counted and not timed: few parses, and steps that follow the length.

Times belong to `make bench` (G10, G11).
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from functools import partial
from typing import Any

import pytest

from atlas.sql import pipeline
from atlas.sql.dialects import DIALECTS
from atlas.sql.stages import rendering
from atlas.sql.stages.statement import parse_query
from tests.sql.other import ask as ask_other
from tests.sql.world import ask, corpus

# An honest query takes 60 to 100 calls a character.
MOST_CALLS_A_CHARACTER = 300
MOST_CALLS_FOR_NESTING = 500_000
# Once as it came, once as it is written, and the rounds of a text that reads otherwise.
MOST_PARSES = 2 + pipeline._MAX_ROUNDS


def asking(dialect: str) -> Callable[[str], object]:
    return ask if dialect == "postgres" else partial(ask_other, dialect=dialect)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions were called, which no load of the machine changes."""
    profile = Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@contextmanager
def counted_parses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    parsed: list[str] = []

    def parse(sql: str, *rest: Any) -> Any:
        parsed.append(sql)
        return parse_query(sql, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "parse_query", parse)
        patch.setattr(rendering, "parse_query", parse)
        yield parsed


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_honest_query_is_parsed_twice(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check = asking(dialect)
    counts = []
    for entry in corpus("accept", dialect):
        with counted_parses(monkeypatch) as parsed:
            check(entry.sql)
        counts.append(len(parsed))
    assert statistics.median(counts) == 2
    assert max(counts) <= MOST_PARSES


HOSTILE = {
    "numbers": "SELECT id FROM orders WHERE id IN (" + ",".join(["1"] * 1_250) + ")",
    "disjunction": "SELECT id FROM orders WHERE " + " OR ".join(["id=1"] * 500),
    "union": " UNION ALL ".join(["SELECT id FROM orders"] * 175),
    "ctes": f"WITH {','.join(f'c{i} AS (SELECT id FROM orders)' for i in range(150))} SELECT 1",
    "joins": "SELECT 1 FROM orders o"
    + "".join(f" JOIN orders o{i} ON o{i}.id=o.id" for i in range(75)),
    "parentheses": "SELECT " + "(" * 2_500 + "1" + ")" * 2_500,
    "arrays": "SELECT " + "ARRAY[" * 625 + "]" * 625,
    "three arrays": "SELECT " + ",".join(["ARRAY[ARRAY[ARRAY[1]]]"] * 250),
    "types": "SELECT " + "date(" * 925 + "1" + ")" * 925,
    "prefixes": "SELECT " + "NOT " * 1_250 + "TRUE",
    "cases": "SELECT " + "CASE WHEN TRUE THEN " * 250,
    "comments": "SELECT 1" + "/* x */" * 875,
    "open comments": "SELECT 1 " + "/*" * 2_800,
    "quotes": "SELECT '" + "''" * 2_800 + "'",
    "escapes": "SELECT E'" + "\\n" * 2_800 + "'",
    "dollars": "SELECT " + "$" * 5_625,
    "dots": "SELECT " + "a." * 2_800 + "b",
    "casts": "SELECT 1" + "::int" * 1_125,
    "words": "SELECT " * 875,
    "texts": "SELECT 'a'" + "\n'a'" * 1_250,
    "invisible": "SELECT '" + "\u200b" * 5_625 + "'",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_long_hostile_texts_cost_no_more_than_their_length(dialect: str, text: str) -> None:
    check = asking(dialect)
    assert calls_of(lambda: check(text)) <= MOST_CALLS_A_CHARACTER * len(text)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("depth", [3, 4, 6, 8, 12, 40])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("abs(", ")"),
        ("ARRAY[", "]"),
        ("date(", ")"),
        ("date[", "]"),
        ("[", "]"),
        ("{'a':", "}"),
        ("map(1,", ")"),
        ("struct(", ")"),
        ("CASE WHEN 1=1 THEN ", " END"),
        ("if(1,2,", ")"),
        ("x -> ", ""),
        ("(SELECT ", ")"),
        ("CAST(", " AS int)"),
    ],
)
def test_nesting_never_explodes(dialect: str, opening: str, closing: str, depth: int) -> None:
    text = f"SELECT {opening * depth}1{closing * depth}"
    check = asking(dialect)
    assert calls_of(lambda: check(text)) <= MOST_CALLS_FOR_NESTING
