"""Small words that turn a question into another one: each of them shapes the query."""

from typing import Any

import pytest

from atlas.analyst import Answer, Clarify, Refuse, Situation, analyse
from atlas.semantic.compile import compile_query
from atlas.semantic.query import Query
from tests.analyst.layer import LAYER, TODAY

HERE = Situation(LAYER, TODAY)
REVENUE = "order_lines.revenue"


def read_as(question: str) -> Query:
    found = analyse(question, HERE)
    assert isinstance(found, Answer), (question, found)
    return found.query


def span(start: str, before: str) -> dict[str, Any]:
    return {"ranges": [{"start": start, "before": before}]}


OCTOBER = span("2026-10-01", "2026-11-01")
SEPTEMBER = span("2026-09-01", "2026-10-01")

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("is revenue up this year", {"kind": "compare", "time": {"relative": "this_year"}}),
    ("did revenue go up last month", {"kind": "compare", "time": {"relative": "last_month"}}),
    ("are sales down this month", {"kind": "compare", "time": {"relative": "this_month"}}),
    ("is revenue up", {"kind": "growth", "grain": "month"}),
    ("did revenue go up from 2024 to 2025",
     {"kind": "compare", "time": span("2025-01-01", "2026-01-01"),
      "compare_to": span("2024-01-01", "2025-01-01")}),
    ("how is revenue made up by country", {"group_by": ["customers.country"]}),
    ("how much more revenue in October than in September",
     {"kind": "compare", "time": OCTOBER, "compare_to": SEPTEMBER}),
    ("sales last month vs previous month", {"kind": "compare", "time": {"relative": "last_month"}}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), CHANGES, ids=[q for q, _ in CHANGES])
def test_a_change_is_asked_for_and_not_a_sum(question: str, expected: dict[str, Any]) -> None:
    assert read_as(question).core() == Query(measures=(REVENUE,), **expected).core()


def test_a_period_is_not_compared_with_itself() -> None:
    found = analyse("revenue october vs october", HERE)

    assert isinstance(found, Refuse)
    assert found.message == "Both periods are the same; name two that differ."


SHARES = [
    ("what percent of late orders were shipped by Ernst Handel",
     ("orders.is_shipped", "customers.company_name")),
    ("what percent of orders were shipped in Germany", ()),
    ("what percent of German orders were late", ("orders.is_late",)),
    ("what percentage of Beverages revenue comes from Germany", ("customers.country",)),
    ("share of Germany in unshipped orders", ("customers.country",)),
    ("share of Beverages in revenue in Germany", ("categories.category_name",)),
    ("what percent of orders were late", ()),
]  # fmt: skip


@pytest.mark.parametrize(("question", "part"), SHARES, ids=[q for q, _ in SHARES])
def test_the_place_of_the_words_says_what_is_a_share_of_what(
    question: str, part: tuple[str, ...]
) -> None:
    query = read_as(question)

    assert query.kind == "share"
    assert set(query.part) == set(part)


def test_a_share_names_its_part_to_the_database() -> None:
    asked = read_as("what percentage of Beverages revenue comes from Germany")

    sql = compile_query(LAYER, asked, today=TODAY).sql

    whole = sql[sql.rindex("WHERE") :]
    assert "Beverages" in whole
    assert "Germany" not in whole


ORDERS = "orders.order_count"
LISTS: list[tuple[str, dict[str, Any]]] = [
    ("customers with orders",
     {"kind": "list", "entity": "customers", "exists": [{"entity": "orders"}]}),
    ("how many customers have orders",
     {"measures": ["customers.count"], "exists": [{"entity": "orders"}]}),
    ("German customers of French suppliers",
     {"kind": "list", "entity": "customers",
      "filters": [{"dimension": "customers.country", "values": ["Germany"]},
                  {"dimension": "suppliers.country", "values": ["France"]}]}),
    ("revenue of German customers from German suppliers",
     {"measures": [REVENUE],
      "filters": [{"dimension": "customers.country", "values": ["Germany"]},
                  {"dimension": "suppliers.country", "values": ["Germany"]}]}),
    ("customers with the most orders",
     {"measures": [ORDERS], "group_by": ["customers"], "order": {"by": ORDERS}, "limit": 10}),
    ("how many orders were placed by customers in Germany",
     {"measures": [ORDERS],
      "filters": [{"dimension": "customers.country", "values": ["Germany"]}]}),
    ("how many orders were placed by customer",
     {"measures": [ORDERS], "group_by": ["customers"]}),
    ("countries with more than 5 customers",
     {"measures": ["customers.count"], "group_by": ["customers.country"],
      "having": [{"measure": "customers.count", "op": ">", "values": [5]}],
      "order": {"by": "customers.count"}}),
    ("did we sell more in Germany than in France by revenue",
     {"measures": [REVENUE], "group_by": ["customers.country"],
      "filters": [{"dimension": "customers.country", "values": ["Germany", "France"]}]}),
    ("product with the most units in stock",
     {"kind": "list", "entity": "products", "order": {"by": "products.units_in_stock"},
      "limit": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), LISTS, ids=[q for q, _ in LISTS])
def test_whatever_is_named_narrows_or_ranks(question: str, expected: dict[str, Any]) -> None:
    assert read_as(question).core() == Query.model_validate(expected).core()


DECLINED = [
    ("list customers of employees", "I did not understand how “employees” belongs to the list."),
    ("customers who only bought Chai",
     "I can find those who did this, but not those who did only this."),
    ("customer value last year", "I do not know what “value” means here."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "message"), DECLINED, ids=[q for q, _ in DECLINED])
def test_what_would_be_dropped_is_refused(question: str, message: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Refuse), found
    assert found.message == message


def test_worst_by_a_rate_is_asked_about() -> None:
    found = analyse("worst 3 shippers by late rate", HERE)

    assert isinstance(found, Clarify), found
    assert [(option.label, option.question) for option in found.options] == [
        ("The highest late rate", "Top 3 shippers by late rate"),
        ("The lowest late rate", "Bottom 3 shippers by late rate"),
    ]
