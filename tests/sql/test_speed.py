"""Promises about time: near the bare parse on ordinary queries, near linear on hostile ones."""

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest
import sqlglot
import sqlglot.parser

from atlas.sql.dialects import DIALECTS
from tests.sql.other import ask as ask_other
from tests.sql.world import ask, corpus

MOST_TIMES_THE_PARSE = 6.0
# A long honest query takes about 10 microseconds a character on the slowest machine we know.
MOST_MICROSECONDS_A_CHARACTER = 200


def best_of(rounds: int, call: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


# MariaDB has MySQL's rules and a corpus too small to speak of percentiles.
@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "mariadb"])
def test_guard_is_near_the_bare_parse(dialect: str) -> None:
    # The plain parser does not know these.
    unknown = ("underscores", "limit by and limit", "elt")
    entries = [e for e in corpus("accept", dialect) if not any(u in e.name for u in unknown)]
    texts = [e.sql for e in entries]
    check = ask if dialect == "postgres" else partial(ask_other, dialect=dialect)
    parse = [best_of(3, lambda t=text: sqlglot.parse(t, dialect=dialect)) for text in texts]
    guard = [best_of(3, lambda t=text: check(t)) for text in texts]

    # Measuring coverage slows our code down, and compiling speeds the parser up.
    most = MOST_TIMES_THE_PARSE * (2 if sys.gettrace() else 1)
    most *= 1 if str(sqlglot.parser.__file__).endswith(".py") else 2
    assert p95(guard) <= most * p95(parse)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


HOSTILE = {
    "numbers": "SELECT id FROM orders WHERE id IN (" + ",".join(["1"] * 5_000) + ")",
    "disjunction": "SELECT id FROM orders WHERE " + " OR ".join(["id=1"] * 2_000),
    "union": " UNION ALL ".join(["SELECT id FROM orders"] * 700),
    "ctes": f"WITH {','.join(f'c{i} AS (SELECT id FROM orders)' for i in range(600))} SELECT 1",
    "joins": "SELECT 1 FROM orders o"
    + "".join(f" JOIN orders o{i} ON o{i}.id=o.id" for i in range(300)),
    "parentheses": "SELECT " + "(" * 10_000 + "1" + ")" * 10_000,
    "arrays": "SELECT " + "ARRAY[" * 2_500 + "]" * 2_500,
    "three arrays": "SELECT " + ",".join(["ARRAY[ARRAY[ARRAY[1]]]"] * 1_000),
    "types": "SELECT " + "date(" * 3_700 + "1" + ")" * 3_700,
    "prefixes": "SELECT " + "NOT " * 5_000 + "TRUE",
    "cases": "SELECT " + "CASE WHEN TRUE THEN " * 1_000,
    "comments": "SELECT 1" + "/* x */" * 3_500,
    "open comments": "SELECT 1 " + "/*" * 11_200,
    "quotes": "SELECT '" + "''" * 11_200 + "'",
    "escapes": "SELECT E'" + "\\n" * 11_200 + "'",
    "dollars": "SELECT " + "$" * 22_500,
    "dots": "SELECT " + "a." * 11_200 + "b",
    "casts": "SELECT 1" + "::int" * 4_500,
    "words": "SELECT " * 3_500,
    "texts": "SELECT 'a'" + "\n'a'" * 5_000,
    "invisible": "SELECT '" + "\u200b" * 22_500 + "'",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_long_hostile_texts_cost_no_more_than_their_length(dialect: str, text: str) -> None:
    taken = best_of(1, lambda: ask(text) if dialect == "postgres" else ask_other(text, dialect))
    assert taken * 1e6 / len(text) <= MOST_MICROSECONDS_A_CHARACTER


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
    check = ask if dialect == "postgres" else partial(ask_other, dialect=dialect)
    assert best_of(2, lambda: check(text)) <= 0.1
