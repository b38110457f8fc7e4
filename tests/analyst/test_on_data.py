"""Questions on the demo's layer and data, compared with hand-written SQL."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from atlas.analyst import ActionPattern, Answer, Propose, Refuse, Situation, analyse, tell
from atlas.demo.place import SEMANTIC_DIR
from atlas.semantic.compile import compile_query
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import load_layer
from atlas.semantic.refresh import refresh_queries, refreshed
from atlas.sql import ValidatedQuery, validate
from tests.demo.conftest import Shop, shop  # noqa: F401 - pytest finds the fixture by its name

Rows = list[tuple[Any, ...]]
Run = Callable[[str], Rows]

LINES = "FROM order_details d JOIN orders o USING (order_id)"
AMOUNT = "sum(d.unit_price * d.quantity * (1 - d.discount))"


@pytest.fixture(scope="module")
def connection(shop: Shop) -> Iterator[psycopg.Connection[Any]]:  # noqa: F811 - the fixture
    with shop.as_reader() as opened:
        yield opened


@pytest.fixture(scope="module")
def run(connection: psycopg.Connection[Any]) -> Run:
    return lambda text: connection.execute(text.encode()).fetchall()


@pytest.fixture(scope="module")
def layer(run: Run) -> SemanticLayer:
    found = load_layer(SEMANTIC_DIR)
    queries = refresh_queries(found)
    assert queries.as_of is not None
    values = {ref: [row[0] for row in run(text)] for ref, text in queries.values.items()}
    return refreshed(found, as_of=run(queries.as_of)[0][0], values=values)


def today(layer: SemanticLayer) -> dt.date:
    assert layer.as_of is not None
    return layer.as_of


def answered(question: str, layer: SemanticLayer, run: Run) -> tuple[Rows, str]:
    """The rows of a question and the sentence, by the same way as in the product."""
    found = analyse(question, Situation(layer, today(layer)))
    assert isinstance(found, Answer), (question, found)
    compiled = compile_query(layer, found.query, today=today(layer))
    passed = validate(compiled.sql, dialect="postgres", catalog=layer.catalog())
    assert isinstance(passed, ValidatedQuery), (question, passed)
    rows = run(passed.sql)
    names = [column.name for column in compiled.columns]
    cells = [list(row) for row in rows]
    return rows, tell(found.query, compiled, names, cells, False, today(layer))


# The demo's last day is 2026-05-06.
GOLD = [
    (
        "What was our revenue by month this year?",
        f"SELECT date_trunc('month', o.order_date)::date, {AMOUNT} {LINES}"
        " WHERE o.order_date >= '2026-01-01' AND o.order_date < '2027-01-01' GROUP BY 1 ORDER BY 1",
    ),
    (
        "Top 5 products by revenue last quarter",
        f"SELECT p.product_name, {AMOUNT} {LINES} JOIN products p USING (product_id)"
        " WHERE o.order_date >= '2026-01-01' AND o.order_date < '2026-04-01'"
        " GROUP BY p.product_id, p.product_name ORDER BY 2 DESC, 1 LIMIT 5",
    ),
    (
        "How many orders were late, by shipper?",
        "SELECT s.company_name, count(*) FROM orders o JOIN shippers s ON s.shipper_id = o.ship_via"
        " WHERE o.shipped_date > o.required_date GROUP BY 1 ORDER BY 2 DESC, 1",
    ),
    (
        "Which customers in Germany ordered most?",
        "SELECT c.company_name, count(*) FROM orders o JOIN customers c USING (customer_id)"
        " WHERE c.country = 'Germany' GROUP BY c.customer_id ORDER BY 2 DESC, 1 LIMIT 10",
    ),
    (
        "how many customers bought beverages in 2025",
        f"SELECT count(DISTINCT o.customer_id) {LINES} JOIN products USING (product_id)"
        " JOIN categories USING (category_id) WHERE category_name = 'Beverages'"
        " AND o.order_date >= '2025-01-01' AND o.order_date < '2026-01-01'",
    ),
    (
        "customers without orders this year",
        "SELECT company_name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE"
        " o.customer_id = c.customer_id AND o.order_date >= '2026-01-01') ORDER BY 1",
    ),
    (
        "average order value by country",
        f"SELECT c.country, {AMOUNT} / count(DISTINCT o.order_id) {LINES}"
        " JOIN customers c USING (customer_id) GROUP BY 1 ORDER BY 2 DESC",
    ),
    (
        "How many customers have fewer than 3 orders?",
        "SELECT count(*) FROM customers c WHERE (SELECT count(*) FROM orders o"
        " WHERE o.customer_id = c.customer_id) < 3",
    ),
    (
        "share of revenue by category",
        f"SELECT c.category_name, {AMOUNT}, {AMOUNT} / (SELECT {AMOUNT} {LINES}) {LINES}"
        " JOIN products USING (product_id) JOIN categories c USING (category_id)"
        " GROUP BY 1 ORDER BY 2 DESC",
    ),
    (
        "revenue in Q1 2026 vs Q1 2025",
        f"SELECT {AMOUNT} FILTER (WHERE o.order_date >= '2026-01-01'),"
        f" {AMOUNT} FILTER (WHERE o.order_date < '2025-04-01') {LINES} WHERE o.order_date BETWEEN"
        " '2026-01-01' AND '2026-03-31' OR o.order_date BETWEEN '2025-01-01' AND '2025-03-31'",
    ),
    (
        "number of orders by category",
        f"SELECT c.category_name, count(DISTINCT o.order_id) {LINES}"
        " JOIN products USING (product_id) JOIN categories c USING (category_id)"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
    ),
    (
        "revenue growth by quarter in 2025",
        f"SELECT q, now, before FROM (SELECT date_trunc('quarter', o.order_date)::date q,"
        f" {AMOUNT} now, lag({AMOUNT}) OVER (ORDER BY date_trunc('quarter', o.order_date)) before"
        f" {LINES} GROUP BY o.order_date IS NULL, date_trunc('quarter', o.order_date)) x"
        " WHERE q BETWEEN '2025-01-01' AND '2025-12-31' ORDER BY q",
    ),
    (
        "which product sold most units this year",
        f"SELECT p.product_name, sum(d.quantity) {LINES} JOIN products p USING (product_id)"
        " WHERE o.order_date >= '2026-01-01' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1",
    ),
    (
        "how many units of Chai are in stock",
        "SELECT units_in_stock FROM products WHERE product_name = 'Chai'",
    ),
    ("how many units are on order", "SELECT sum(units_on_order) FROM products"),
    (
        "which products are on order",
        "SELECT product_name FROM products WHERE units_on_order > 0 ORDER BY 1",
    ),
    (
        "total stock value of discontinued products",
        "SELECT sum(unit_price * units_in_stock) FROM products WHERE discontinued",
    ),
    (
        "how many orders were delivered last month",
        "SELECT count(*) FROM orders WHERE shipped_date BETWEEN '2026-04-01' AND '2026-04-30'",
    ),
    (
        "what percent of late orders were shipped by United Package",
        "SELECT avg((ship_via = 2)::int) FROM orders WHERE shipped_date > required_date",
    ),
    (
        "how many orders without discount in April 2026",
        "SELECT count(*) FROM orders o WHERE order_date BETWEEN '2026-04-01' AND '2026-04-30' AND"
        " (SELECT max(discount) FROM order_details d WHERE d.order_id = o.order_id) = 0",
    ),
    (
        "customers with orders",
        "SELECT DISTINCT company_name FROM customers JOIN orders USING (customer_id) ORDER BY 1",
    ),
    (
        "What are the 3 cheapest products?",
        "SELECT product_name FROM products ORDER BY unit_price, product_name LIMIT 3",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "gold"), GOLD, ids=[question for question, _ in GOLD])
def test_the_rows_are_those_of_hand_written_sql(
    question: str, gold: str, layer: SemanticLayer, run: Run
) -> None:
    rows, _ = answered(question, layer, run)

    expected = run(gold)
    assert expected
    assert [_rounded(row[: len(expected[0])]) for row in rows] == [_rounded(r) for r in expected]


def _rounded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(round(cell, 6) if isinstance(cell, Decimal) else cell for cell in row)


def test_every_example_of_the_layer_is_read_as_its_query_and_answered(
    layer: SemanticLayer, run: Run
) -> None:
    for example in layer.examples:
        found = analyse(example.question, Situation(layer, today(layer)))
        assert isinstance(found, Answer), (example.question, found)
        assert found.query.core() == example.query.core(), example.question
        _, text = answered(example.question, layer, run)
        assert "**" in text, text


def test_parts_sum_to_the_whole(layer: SemanticLayer, run: Run) -> None:
    whole, _ = answered("total revenue", layer, run)

    for split in ("category", "country", "employee", "shipper", "month", "quarter"):
        parts, _ = answered(f"revenue by {split}", layer, run)
        assert sum(row[-1] for row in parts) == whole[0][0], split


def test_a_filter_never_raises_a_count(layer: SemanticLayer, run: Run) -> None:
    (whole,), _ = answered("number of orders", layer, run)

    for narrowed in ("in Germany", "in 2025", "of Ernst Handel", "by Speedy Express"):
        (part,), _ = answered(f"number of orders {narrowed}", layer, run)
        assert 0 < part[0] < whole[0], narrowed


def test_a_ticket_about_a_product_carries_its_stock(layer: SemanticLayer, run: Run) -> None:
    ticket = ActionPattern("createSupportTicket", ("create",), ("ticket",), ("title", "body"))
    here = Situation(layer, today(layer), actions=(ticket,))

    found = analyse("Create a ticket to restock Chai", here)

    assert isinstance(found, Propose)
    assert found.attach is not None
    compiled = compile_query(layer, found.attach, today=today(layer))
    assert "units_in_stock" in [column.name for column in compiled.columns]
    assert [row[0] for row in run(compiled.sql)] == ["Chai"]


@pytest.mark.parametrize("question", ["profit by month", "weather in Berlin", "delete orders"])
def test_what_the_data_cannot_answer_is_refused_with_questions_that_run(
    question: str, layer: SemanticLayer, run: Run
) -> None:
    found = analyse(question, Situation(layer, today(layer)))

    assert isinstance(found, Refuse)
    for offered in found.suggestions:
        answered(offered, layer, run)
