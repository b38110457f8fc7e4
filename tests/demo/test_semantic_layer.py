"""The demo's layer holds against its data, and its questions give what hand-written SQL gives."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from atlas.analyst import Answer, Clarify, Situation, analyse
from atlas.demo.dimensions import rows
from atlas.demo.place import SEMANTIC_DIR
from atlas.semantic.check import check
from atlas.semantic.compile import compile_query
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import load_layer
from atlas.semantic.refresh import refresh_queries, refreshed
from tests.demo.conftest import Shop

TODAY = dt.date(2026, 5, 6)
Run = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def layer() -> SemanticLayer:
    return load_layer(SEMANTIC_DIR)


@pytest.fixture
def run(shop: Shop) -> Any:
    with shop.as_reader() as connection:
        yield lambda text: connection.execute(text.encode()).fetchall()


def test_nothing_is_wrong_with_it(layer: SemanticLayer, run: Run) -> None:
    assert check(layer, run, today=TODAY) == []


def test_it_lists_exactly_the_tables_the_reader_may_read(layer: SemanticLayer, run: Run) -> None:
    rows = run(
        "SELECT 'public.' || relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')"
    )

    listed = {f"{table.schema}.{table.name}" for table in layer.catalog().tables}
    assert listed == {name for (name,) in rows}


def test_a_refresh_reads_values_and_the_last_day(layer: SemanticLayer, run: Run) -> None:
    queries = refresh_queries(layer)
    values = {ref: [row[0] for row in run(text)] for ref, text in queries.values.items()}
    assert queries.as_of is not None

    found = refreshed(layer, as_of=run(queries.as_of)[0][0], values=values)

    assert found.as_of == TODAY
    assert found.dimension_values("shippers.company_name") == (
        "Federal Shipping",
        "Speedy Express",
        "United Package",
    )
    assert len(found.values["customers.country"]) == 21
    assert SemanticLayer.model_validate_json(found.to_json()) == found


HAND_WRITTEN = {
    "What was our revenue by month this year?": """
        SELECT date_trunc('month', o.order_date)::date, sum(d.unit_price * d.quantity
               * (1 - d.discount))
        FROM order_details d JOIN orders o USING (order_id)
        WHERE o.order_date >= '2026-01-01' GROUP BY 1 ORDER BY 1""",
    "Top 5 products by revenue last quarter": """
        SELECT p.product_name, sum(d.unit_price * d.quantity * (1 - d.discount))
        FROM order_details d JOIN orders o USING (order_id) JOIN products p USING (product_id)
        WHERE o.order_date BETWEEN '2026-01-01' AND '2026-03-31'
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5""",
    "How many orders were late, by shipper?": """
        SELECT s.company_name, count(*) FROM orders o JOIN shippers s ON s.shipper_id = o.ship_via
        WHERE o.shipped_date > o.required_date GROUP BY 1 ORDER BY 2 DESC, 1""",
    "Which customers in Germany ordered most?": """
        SELECT c.company_name, count(*) FROM orders o JOIN customers c USING (customer_id)
        WHERE c.country = 'Germany' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10""",
    "Which customers never ordered?": """
        SELECT company_name, contact_name, city, country, phone FROM customers c
        WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.customer_id) ORDER BY 1""",
    "Stock value by category": """
        SELECT c.category_name, sum(p.unit_price * p.units_in_stock)
        FROM products p JOIN categories c USING (category_id) GROUP BY 1 ORDER BY 2 DESC""",
}


@pytest.mark.parametrize("question", HAND_WRITTEN)
def test_examples_equal_hand_written_sql(layer: SemanticLayer, run: Run, question: str) -> None:
    example = next(e for e in layer.examples if e.question == question)

    compiled = compile_query(layer, example.query, today=TODAY)

    expected = run(HAND_WRITTEN[question])
    assert expected
    assert run(compiled.sql) == expected


def test_there_are_enough_examples(layer: SemanticLayer) -> None:
    assert len(layer.examples) >= 12


@pytest.mark.parametrize("term", ["profit", "returns", "web visits"])
def test_what_the_data_lacks_is_said(layer: SemanticLayer, term: str) -> None:
    found = {entry.term: entry for entry in layer.glossary}

    assert found[term].status == "unsupported"
    assert found[term].reason.endswith(".")


def test_best_customers_is_asked_about(layer: SemanticLayer) -> None:
    found = next(entry for entry in layer.glossary if entry.term == "best customers")

    assert found.status == "ambiguous"
    assert [option.label for option in found.options] == [
        "By revenue",
        "By number of orders",
        "By average order value",
    ]


def test_each_term_of_the_glossary_plugin_stands_for_one_known_thing(layer: SemanticLayer) -> None:
    terms = yaml.safe_load((SEMANTIC_DIR.parent / "glossary.yml").read_text())["terms"]
    found = {measure.label.lower() for entity in layer.entities for measure in entity.measures}
    columns = ("company_name", "category_name", "product_name")
    for table in ("categories", "products", "customers"):
        found |= {row[c].lower() for row in rows(table) for c in columns if c in row}

    assert {meaning.lower() for meaning in terms.values()} <= found


@pytest.fixture(scope="module")
def answered(shop: Shop) -> Any:
    """How the built-in analyst takes a question about the demo's data."""
    with shop.as_reader() as connection:
        found = load_layer(SEMANTIC_DIR)
        queries = refresh_queries(found).values
        values = {ref: [row[0] for row in connection.execute(text.encode())]
                  for ref, text in queries.items()}  # fmt: skip
    layer = refreshed(found, as_of=TODAY, values=values)
    return lambda question: analyse(question, Situation(layer, TODAY))


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("Top products", "Revenue, by product, the 10 highest by revenue."),
        ("how much money did we make last month",
         "Revenue, order date 1 Apr 2026 to 30 Apr 2026."),
        ("products that cost more than 50", "List of products, price over 50."),
        ("who supplies Chai", "List of products, product Chai."),
        ("how many orders had a discount", "Orders, discounted."),
        ("What share of orders from Germany were late?", "Share of orders, country Germany, late."),
        ("maximum freight", "Highest freight of an order."),
    ],
)  # fmt: skip
def test_what_people_ask_on_the_first_day_is_read_rightly(
    answered: Any, question: str, reading: str
) -> None:
    found = answered(question)

    assert isinstance(found, Answer), found
    assert found.reading == reading


@pytest.mark.parametrize("question", ["best performing category", "Which shipper is the cheapest?"])
def test_what_has_no_one_meaning_is_asked_about(answered: Any, question: str) -> None:
    found = answered(question)

    assert isinstance(found, Clarify), found
    assert found.options[0].label == "By revenue"
    assert isinstance(answered(found.options[0].question), Answer)
