"""Questions and the exact queries they are read as."""

from typing import Any

import pytest

from atlas.analyst import Answer, Situation, analyse
from atlas.semantic.query import Query
from tests.analyst.layer import LAYER, TODAY

REVENUE = "order_lines.revenue"
ORDERS = "orders.order_count"
UNITS = "order_lines.units_sold"
HERE = Situation(LAYER, TODAY)


def where(dimension: str, *values: Any, negated: bool = False, op: str = "=") -> dict[str, Any]:
    return {"dimension": dimension, "values": values, "negated": negated, "op": op}


def days(start: str | None, before: str | None, dimension: str | None = None) -> dict[str, Any]:
    return {"ranges": [{"start": start, "before": before}], "dimension": dimension}


def query(*measures: str, **rest: Any) -> Query:
    return Query.model_validate({"measures": measures, **rest})


def rows(entity: str, **rest: Any) -> Query:
    return Query.model_validate({"kind": "list", "entity": entity, **rest})


LATE = where("orders.is_late", True)
GERMANY = where("customers.country", "Germany")
TOP_REVENUE = {"by": REVENUE, "direction": "desc"}

TABLE: list[tuple[str, Query]] = [
    # the required four
    (
        "What was our revenue by month this year?",
        query(REVENUE, grain="month", time={"relative": "this_year"}),
    ),
    (
        "Top 5 products by revenue last quarter",
        query(REVENUE, group_by=["products"], time={"relative": "last_quarter"},
              order=TOP_REVENUE, limit=5),
    ),
    (
        "How many orders were late, by shipper?",
        query(ORDERS, group_by=["shippers"], filters=[LATE]),
    ),
    (
        "Which customers in Germany ordered most?",
        query(ORDERS, group_by=["customers"], filters=[GERMANY], order={"by": ORDERS}, limit=10),
    ),
    # a figure
    ("total revenue", query(REVENUE)),
    ("What is our revenue?", query(REVENUE)),
    ("total revenue in 2025", query(REVENUE, time=days("2025-01-01", "2026-01-01"))),
    ("turnover yesterday", query(REVENUE, time={"relative": "yesterday"})),
    ("sales last week", query(REVENUE, time={"relative": "last_week"})),
    ("How many orders did we have last month?", query(ORDERS, time={"relative": "last_month"})),
    ("how many employees do we have", query("employees.count")),
    ("revenue since March 2026", query(REVENUE, time=days("2026-03-01", None))),
    ("revenue before 2025", query(REVENUE, time=days(None, "2025-01-01"))),
    ("revenue from January to March 2026", query(REVENUE, time=days("2026-01-01", "2026-04-01"))),
    ("freight cost year to date", query("orders.freight_cost", time={"relative": "year_to_date"})),
    ("stock of Chai", query("products.stock", filters=[where("products.product_name", "Chai")])),
    ("How much did Ernst Handel spend this year",
     query(REVENUE, filters=[where("customers.company_name", "Ernst Handel")],
           time={"relative": "this_year"})),
    # split
    ("revenue by country and quarter", query(REVENUE, group_by=["customers.country"],
                                             grain="quarter")),
    ("Number of orders per employee this year",
     query(ORDERS, group_by=["employees"], time={"relative": "this_year"})),
    ("show me the revenue for each country", query(REVENUE, group_by=["customers.country"])),
    ("How many products does each supplier have?",
     query("products.count", group_by=["suppliers"])),
    ("products by category", query("products.count", group_by=["categories"])),
    ("number of suppliers by country", query("suppliers.count", group_by=["suppliers.country"])),
    ("revenue and number of orders by month", query(REVENUE, ORDERS, grain="month")),
    ("revenue, orders and units sold by country",
     query(REVENUE, ORDERS, UNITS, group_by=["customers.country"])),
    ("late rate by shipper", query("metrics.late_rate", group_by=["shippers"])),
    ("average order value by month", query("metrics.average_order_value", grain="month")),
    ("orders over time", query(ORDERS, grain="month")),
    ("monthly revenue trend", query(REVENUE, grain="month")),
    ("How did sales develop over the last 12 months?",
     query(REVENUE, grain="month", time={"relative": "last_12_months"})),
    ("daily orders in the last 2 weeks", query(ORDERS, grain="day",
                                               time={"relative": "last_2_weeks"})),
    # filter
    ("revenue of beverages by month last year",
     query(REVENUE, grain="month", filters=[where("categories.category_name", "Beverages")],
           time={"relative": "last_year"})),
    ("revenue from Ernst Handel and QUICK-Stop",
     query(REVENUE, filters=[where("customers.company_name", "Ernst Handel", "QUICK-Stop")])),
    ("Number of German customers", query("customers.count", filters=[GERMANY])),
    ("How many products are discontinued?",
     query("products.count", filters=[where("products.is_discontinued", True)])),
    ("revenue in the UK", query(REVENUE, filters=[where("customers.country", "UK")])),
    ("how many late orders by month", query(ORDERS, grain="month", filters=[LATE])),
    ("how many orders did Nancy Davolio handle last quarter?",
     query(ORDERS, filters=[where("employees.full_name", "Nancy Davolio")],
           time={"relative": "last_quarter"})),
    ("how many customers bought beverages in 2025",
     query("customers.count", filters=[where("categories.category_name", "Beverages")],
           time=days("2025-01-01", "2026-01-01", "orders.order_date"))),
    ("how many different products were sold in 2025",
     query("products.count", time=days("2025-01-01", "2026-01-01", "orders.order_date"))),
    ("number of products with price above 50",
     query("products.count", filters=[where("products.unit_price", 50, op=">")])),
    ("how many products have a unit price between 10 and 20",
     query("products.count", filters=[where("products.unit_price", 10, 20, op="between")])),
    # negation
    ("revenue without beverages",
     query(REVENUE, filters=[where("categories.category_name", "Beverages", negated=True)])),
    ("revenue by month excluding Germany and France",
     query(REVENUE, grain="month",
           filters=[where("customers.country", "Germany", "France", negated=True)])),
    ("Which customers never ordered?", rows("customers", not_exists=[{"entity": "orders"}])),
    ("customers without orders this year",
     rows("customers",
          not_exists=[{"entity": "orders", "time": {"relative": "this_year"}}])),
    ("Which products have never been sold?",
     rows("products", not_exists=[{"entity": "order_lines"}])),
    # ranking
    ("bottom 5 products by units sold",
     query(UNITS, group_by=["products"], order={"by": UNITS, "direction": "asc"}, limit=5)),
    ("which month had the highest revenue?",
     query(REVENUE, grain="month", order=TOP_REVENUE, limit=1)),
    ("Which country has the most customers?",
     query("customers.count", group_by=["customers.country"], order={"by": "customers.count"},
           limit=1)),
    ("top customers by revenue excluding Germany",
     query(REVENUE, group_by=["customers"], order=TOP_REVENUE, limit=10,
           filters=[where("customers.country", "Germany", negated=True)])),
    ("which customer spent the most last year?",
     query(REVENUE, group_by=["customers"], order=TOP_REVENUE, limit=1,
           time={"relative": "last_year"})),
    ("Which shipper is the slowest?",
     query("orders.days_to_ship", group_by=["shippers"], order={"by": "orders.days_to_ship"},
           limit=1)),
    ("What are the 3 cheapest products?",
     rows("products", order={"by": "products.unit_price", "direction": "asc"}, limit=3)),
    ("least expensive product",
     rows("products", order={"by": "products.unit_price", "direction": "asc"}, limit=1)),
    # lists
    ("list all categories", rows("categories")),
    ("list products out of stock",
     rows("products", filters=[where("products.out_of_stock", True)])),
    ("Which products are below reorder level",
     rows("products", filters=[where("products.below_reorder", True)])),
    ("Show all customers from London",
     rows("customers", filters=[where("customers.city", "London")])),
    ("Which suppliers are in Germany?",
     rows("suppliers", filters=[where("suppliers.country", "Germany")])),
    ("customers who bought Chai",
     rows("customers", filters=[where("products.product_name", "Chai")])),
    ("orders shipped last month",
     rows("orders", time={"relative": "last_month", "dimension": "orders.shipped_date"})),
    ("products with price over 50",
     rows("products", filters=[where("products.unit_price", 50, op=">")])),
    ("orders with freight over 100",
     rows("orders", filters=[where("orders.freight", 100, op=">")])),
    ("what is the price of Chai",
     rows("products", columns=["products.product_name", "products.unit_price"],
          filters=[where("products.product_name", "Chai")])),
    # thresholds over groups
    ("customers with more than 10 orders",
     query(ORDERS, group_by=["customers"], order={"by": ORDERS},
           having=[{"measure": ORDERS, "op": ">", "values": [10]}])),
    ("How many customers have more than 5 orders?",
     Query.model_validate({"kind": "count_having", "entity": "customers",
                           "having": [{"measure": ORDERS, "op": ">", "values": [5]}]})),
    # share, average, comparison, growth
    ("share of revenue by category", query(REVENUE, kind="share", group_by=["categories"])),
    ("What percentage of orders were late?", query(ORDERS, kind="share", filters=[LATE])),
    ("What is the share of Germany in revenue?", query(REVENUE, kind="share", filters=[GERMANY])),
    ("average revenue per customer", query(REVENUE, kind="average_per", entity="customers")),
    ("How many orders per month on average?", query(ORDERS, kind="average_per", grain="month")),
    ("revenue this year vs last year",
     query(REVENUE, kind="compare", time={"relative": "this_year"},
           compare_to={"relative": "last_year"})),
    ("compare revenue this quarter with last quarter by category",
     query(REVENUE, kind="compare", group_by=["categories"], time={"relative": "this_quarter"},
           compare_to={"relative": "last_quarter"})),
    ("orders this month compared to the same month last year",
     query(ORDERS, kind="compare", time={"relative": "this_month"},
           compare_to=days("2025-11-01", "2025-12-01"))),
    ("Compare Germany and France by revenue this year",
     query(REVENUE, group_by=["customers.country"],
           filters=[where("customers.country", "Germany", "France")],
           time={"relative": "this_year"})),
    ("revenue growth by month this year",
     query(REVENUE, kind="growth", grain="month", time={"relative": "this_year"})),
    ("year over year revenue growth by month",
     query(REVENUE, kind="growth", grain="month", step="year")),
    # extremes
    ("What is the highest price?", query("products.max_unit_price")),
    ("lowest price by category", query("products.min_unit_price", group_by=["categories"])),
    ("maximum freight cost", query("orders.max_freight")),
    ("top 5 products by price",
     rows("products", order={"by": "products.unit_price"}, limit=5)),
    ("which category has the highest price",
     query("products.max_unit_price", group_by=["categories"],
           order={"by": "products.max_unit_price"}, limit=1)),
    ("what share of orders were late by shipper",
     query(ORDERS, kind="share", group_by=["shippers"], filters=[LATE])),
    ("late vs on time orders",
     query(ORDERS, group_by=["orders.is_late"],
           filters=[where("orders.is_late", True, False)])),
    ("How did revenue change from 2024 to 2025?",
     query(REVENUE, kind="compare", time=days("2025-01-01", "2026-01-01"),
           compare_to=days("2024-01-01", "2025-01-01"))),
    ("Did orders grow between January and March?",
     query(ORDERS, kind="compare", time=days("2026-03-01", "2026-04-01"),
           compare_to=days("2026-01-01", "2026-02-01"))),
    ("revenue growth by month from January to March 2026",
     query(REVENUE, kind="growth", grain="month", time=days("2026-01-01", "2026-04-01"))),
    ("total orders last month", query(ORDERS, time={"relative": "last_month"})),
    # prices
    ("products that cost more than 50",
     rows("products", filters=[where("products.unit_price", 50, op=">")])),
    ("How many products cost less than 10?",
     query("products.count", filters=[where("products.unit_price", 10, op="<")])),
    ("How much does Chai cost?",
     rows("products", columns=["products.product_name", "products.unit_price"],
          filters=[where("products.product_name", "Chai")])),
    ("how much freight cost did we have last month",
     query("orders.freight_cost", time={"relative": "last_month"})),
    # who supplies what
    ("which products does Tokyo Traders supply",
     rows("products", filters=[where("suppliers.company_name", "Tokyo Traders")])),
    ("Which supplier provides the most products?",
     query("products.count", group_by=["suppliers"], order={"by": "products.count"}, limit=1)),
    # periods that mean something else in these places
    ("customers without orders in the last 6 months",
     rows("customers", not_exists=[{"entity": "orders", "time": days("2026-05-01", None)}])),
    ("revenue year to date vs last year",
     query(REVENUE, kind="compare", time={"relative": "year_to_date"},
           compare_to=days("2025-01-01", "2025-11-23"))),
    ("revenue on Monday", query(REVENUE, time=days("2026-11-16", "2026-11-17"))),
    # turns that once went wrong
    ("number of orders with more than 3 products",
     Query.model_validate({"kind": "count_having", "entity": "orders", "having": [
         {"measure": "products.count", "op": ">", "values": [3]}]})),
    ("customers who spent more than 50000 last year",
     query(REVENUE, group_by=["customers"], time={"relative": "last_year"},
           having=[{"measure": REVENUE, "op": ">", "values": [50000]}], order={"by": REVENUE})),
    ("which customers ordered more than 50 times",
     query(ORDERS, group_by=["customers"], order={"by": ORDERS},
           having=[{"measure": ORDERS, "op": ">", "values": [50]}])),
    ("customers with no orders in Germany",
     rows("customers", not_exists=[{"entity": "orders", "filters": [GERMANY]}])),
    ("customers who never bought Chai",
     rows("customers", not_exists=[
         {"entity": "orders", "filters": [where("products.product_name", "Chai")]}])),
    ("customers in Germany who never ordered",
     rows("customers", filters=[GERMANY], not_exists=[{"entity": "orders"}])),
    ("top 5 cities by number of customers",
     query("customers.count", group_by=["customers.city"], order={"by": "customers.count"},
           limit=5)),
    ("worst month by orders",
     query(ORDERS, grain="month", order={"by": ORDERS, "direction": "asc"}, limit=1)),
    ("units in stock by category", query("products.stock", group_by=["categories"])),
    ("non German customers",
     rows("customers", filters=[where("customers.country", "Germany", negated=True)])),
    ("how many orders and how much revenue did we have last month",
     query(ORDERS, REVENUE, time={"relative": "last_month"})),
    ("revenue over 1000 by customer",
     query(REVENUE, group_by=["customers"],
           having=[{"measure": REVENUE, "op": ">", "values": [1000]}])),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), TABLE, ids=[question for question, _ in TABLE])
def test_a_question_is_read_as_this_query(question: str, expected: Query) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Answer), found
    assert found.query.core() == expected.core()


SURE = [
    "What was our revenue by month this year?",
    "Top 5 products by revenue last quarter",
    "How many orders were late, by shipper?",
    "Which customers in Germany ordered most?",
]
UNSURE = [
    ("revnue by month", "read “revnue” as revenue"),
    ("Nancy's revenue this year", "read “Nancy's” as Nancy Davolio"),
    ("late orders", "shown as a list; ask “how many” to count"),
    ("orders over time", "laid out by month"),
    ("Who are our top customers?", "ranked by number of orders"),
    ("average revenue per customer", "the average over each customer"),
    ("how did revenue change this month", "compared with the period before"),
    ("how many customers in 2025", "dated by orders"),
    ("which customers bought Chai and Tofu", "any one of Chai or Tofu is enough"),
    ("revenue by category in 2025 and 2026", "the periods taken together"),
    ("customers with fewer than 3 orders", "those with nothing to count are left out"),
]


@pytest.mark.parametrize("question", SURE)
def test_plain_questions_are_answered_without_reservation(question: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Answer)
    assert found.assumptions == ()


@pytest.mark.parametrize(("question", "said"), UNSURE)
def test_what_was_taken_for_granted_is_said(question: str, said: str) -> None:
    found = analyse(question, HERE)

    assert isinstance(found, Answer)
    assert said in [assumption.text for assumption in found.assumptions]


SAME = [
    ("revenue by month this year", "this year revenue by month", "sales by month this year"),
    (
        "top 3 categories by revenue",
        "the top three categories by turnover",
        "top 3 categories by income",
    ),
    (
        "how many orders last month",
        "number of orders in the last month",
        "count of orders last month",
    ),
    ("revenue by country", "revenue per country", "revenue broken down by country"),
]


@pytest.mark.parametrize("questions", SAME, ids=lambda questions: str(questions[0]))
def test_other_words_and_another_order_give_the_same_query(questions: tuple[str, ...]) -> None:
    found = [analyse(question, HERE) for question in questions]

    assert all(isinstance(outcome, Answer) for outcome in found), found
    assert len({o.query.core().model_dump_json() for o in found if isinstance(o, Answer)}) == 1


def test_the_reading_names_resolved_days() -> None:
    found = analyse("revenue by category last quarter", HERE)

    assert isinstance(found, Answer)
    assert found.reading == "Revenue, by category, order date 1 Jul 2026 to 30 Sep 2026."


@pytest.mark.parametrize("said", ["Cornerstone", "cornerstone inc"])
def test_a_company_is_known_without_its_legal_form(said: str) -> None:
    names = (*LAYER.values["customers.company_name"], "Cornerstone Inc.")
    layer = LAYER.model_copy(update={"values": {**LAYER.values, "customers.company_name": names}})

    found = analyse(f"revenue of {said}", Situation(layer, TODAY))

    assert isinstance(found, Answer), found
    assert found.query.filters[0].values == ("Cornerstone Inc.",)
