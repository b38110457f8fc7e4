"""Laws over random queries: what passes stays itself and reads listed names only."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.sql import Rejection
from tests.sql.mutations import mutate
from tests.sql.random_queries import Writer
from tests.sql.world import LISTED_COLUMNS, LISTED_TABLES, ask, corpus

EXAMPLES = 400
SEEDS = st.integers(min_value=0, max_value=10**9)
TEXTS = [e.sql for e in (*corpus("accept"), *corpus("reject")) if 0 < len(e.sql) < 2_000]


def check(sql: str) -> None:
    answer = ask(sql)
    if isinstance(answer, Rejection):
        assert answer.code != "guard_fault", answer
        return
    assert set(answer.tables) <= LISTED_TABLES
    assert {c for c in answer.columns if not c.startswith("events.")} <= LISTED_COLUMNS
    assert ask(answer.sql) == answer


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_random_queries(seed: int) -> None:
    check(Writer(Random(seed)).query())  # noqa: S311 - to repeat a query, not to keep a secret


@settings(max_examples=EXAMPLES, deadline=None)
@given(SEEDS)
def test_mutated_corpus(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - to repeat a query, not to keep a secret
    check(mutate(random.choice(TEXTS), random))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    check(text)
    check(f"SELECT {text}")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=40))
def test_any_text_survives_as_a_literal(text: str) -> None:
    if "\0" in text:
        return
    literal = "'" + text.replace("'", "''") + "'"
    answer = ask(f"SELECT {literal}")
    assert not isinstance(answer, Rejection), answer
    assert answer.sql == f"SELECT {literal} LIMIT 1001"
