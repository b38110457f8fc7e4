"""Short turns after an answer, and what becomes of the query before."""

from dataclasses import replace

import pytest

from atlas.analyst import Answer, Situation, analyse
from atlas.semantic.query import Query
from tests.analyst.layer import LAYER, TODAY

HERE = Situation(LAYER, TODAY)

CONVERSATIONS = [
    ("filter", ["revenue by month this year", "only Germany"],
     "Revenue, by month, customer country Germany, order date 1 Jan 2026 to 31 Dec 2026."),
    ("another value", ["revenue in Germany", "and France?"], "Revenue, customer country France."),
    ("split instead", ["revenue by month this year", "by country instead"],
     "Revenue, by customer country, order date 1 Jan 2026 to 31 Dec 2026."),
    ("split also", ["revenue by category", "also by country"],
     "Revenue, by category, by customer country."),
    ("period", ["revenue by category this year", "and last year?"],
     "Revenue, by category, order date 1 Jan 2025 to 31 Dec 2025."),
    ("the period before", ["revenue last month", "and the month before?"],
     "Revenue, order date 1 Sep 2026 to 30 Sep 2026."),
    ("and the one before that", ["revenue last month", "and the month before?",
                                 "what about the month before?"],
     "Revenue, order date 1 Aug 2026 to 31 Aug 2026."),
    ("a year earlier", ["revenue by category last quarter", "and a year earlier?"],
     "Revenue, by category, order date 1 Jul 2025 to 30 Sep 2025."),
    ("the year before", ["revenue by month in 2025", "and the year before?"],
     "Revenue, by month, order date 1 Jan 2024 to 31 Dec 2024."),
    ("the previous period", ["revenue in March 2026", "and the previous period?"],
     "Revenue, order date 1 Feb 2026 to 28 Feb 2026."),
    ("period of a ranking", ["Top 5 products by revenue last quarter", "and this quarter?"],
     "Revenue, by product, order date 1 Oct 2026 to 31 Dec 2026, the 5 highest by revenue."),
    ("top", ["revenue by category", "only the top 3"],
     "Revenue, by category, the 3 highest by revenue."),
    ("measure", ["revenue by category", "what about units sold?"], "Units sold, by category."),
    ("measure also", ["revenue by category", "also units sold"],
     "Revenue and units sold, by category."),
    ("count", ["revenue by country", "how about orders?"],
     "Number of orders, by customer country."),
    ("exclusion", ["revenue by month", "excluding Beverages"],
     "Revenue, by month, category not Beverages."),
    ("ranked by another figure", ["Top 5 products by revenue last quarter", "by units sold"],
     "Units sold, by product, order date 1 Jul 2026 to 30 Sep 2026, the 5 highest by units sold."),
    ("a figure of theirs", ["Which customers in Germany ordered most?", "show their revenue"],
     "Number of orders and revenue, by customer, customer country Germany, the 10 highest by "
     "number of orders."),
    ("side by side", ["revenue in Germany", "vs France"],
     "Revenue, by customer country, customer country Germany or France."),
    ("against a year ago", ["revenue last month", "compare with the same month last year"],
     "Revenue, order date 1 Oct 2026 to 31 Oct 2026, compared with 1 Oct 2025 to 31 Oct 2025."),
    ("against last year", ["revenue last quarter", "compare with last year"],
     "Revenue, order date 1 Jul 2026 to 30 Sep 2026, compared with 1 Jul 2025 to 30 Sep 2025."),
    ("what about a count", ["revenue by country", "what about orders?"],
     "Number of orders, by customer country."),
    ("share", ["revenue by category", "as a percentage"], "Share of revenue, by category."),
    ("span", ["late rate by shipper", "by month"], "Late rate, by month."),
    ("list", ["list customers in Germany", "and France?"],
     "List of customers, customer country France."),
    ("several", ["revenue by month", "only Germany", "by category instead", "and last year?"],
     "Revenue, by category, customer country Germany, order date 1 Jan 2025 to 31 Dec 2025."),
    ("a question of its own", ["revenue by month", "how many customers do we have"],
     "Number of customers."),
    ("another question of its own", ["revenue by month in 2025", "revenue by country"],
     "Revenue, by customer country."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "reading"),
    [(turns, reading) for _, turns, reading in CONVERSATIONS],
    ids=[name for name, _, _ in CONVERSATIONS],
)
def test_the_last_turn_is_read_with_those_before(turns: list[str], reading: str) -> None:
    previous: Query | None = None
    for turn in turns:
        found = analyse(turn, replace(HERE, previous=previous))
        assert isinstance(found, Answer), (turn, found)
        previous = found.query

    assert found.reading == reading


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("revenue", "and the month before?"),
        ("revenue since March 2026", "and the month before?"),
        ("revenue in 2025", "and the month before?"),
    ],
)
def test_a_period_that_has_none_before_it_is_not_guessed(first: str, then: str) -> None:
    before = analyse(first, HERE)
    assert isinstance(before, Answer)

    found = analyse(then, replace(HERE, previous=before.query))

    assert not isinstance(found, Answer)


def test_unknown_words_are_not_lost_in_a_follow_up() -> None:
    first = analyse("revenue by month", HERE)
    assert isinstance(first, Answer)

    found = analyse("only purple ones", replace(HERE, previous=first.query))

    assert not isinstance(found, Answer)
