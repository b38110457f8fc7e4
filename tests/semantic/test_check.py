"""Checking a layer: what lint says, and what each probe makes of the source's answer."""

import datetime as dt
from typing import Any

import pytest

from atlas.semantic.check import check, probe_queries, problems
from atlas.semantic.entities import (
    Dimension,
    Entity,
    Example,
    Join,
    Measure,
    Metric,
    Source,
)
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.problems import Finding
from atlas.semantic.query import Query
from atlas.semantic.refresh import MOST_VALUES, refresh_queries, refreshed

TODAY = dt.date(2026, 5, 6)
DAY = Dimension(name="day", sql="day", type="date")
TOTAL = Measure(name="total", sql="price", format="money", synonyms=("amount",))


def customers(**changes: Any) -> Entity:
    given: dict[str, Any] = {
        "name": "customers",
        "table": "customers",
        "primary_key": "id",
        "dimensions": (
            Dimension(name="country", sql="country", value_synonyms={"Norway": ("norge",)}),
        ),
    }
    return Entity(**given | changes)


def orders(**changes: Any) -> Entity:
    given: dict[str, Any] = {
        "name": "orders",
        "table": "orders",
        "schema_name": "sales",
        "primary_key": "id",
        "default_time": "orders.day",
        "dimensions": (DAY,),
        "measures": (TOTAL,),
        "joins": (Join(to="customers", keys={"customer_id": "id"}),),
    }
    return Entity(**given | changes)


def layer(*entities: Entity, **parts: Any) -> SemanticLayer:
    return SemanticLayer(entities=entities or (customers(), orders()), **parts)


def messages(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.message) for finding in findings]


def test_a_sound_layer_has_no_problems() -> None:
    assert problems(layer(), today=TODAY) == []


LATE = Dimension(name="late", sql="late", type="boolean")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (layer(customers(primary_key=())),
         ("warning", "customers has no primary key, so nothing can be grouped by it")),
        (layer(customers(), orders(measures=(Measure(name="total", sql="price"),))),
         ("warning", "the measure total has no synonym")),
        (layer(customers(dimensions=(LATE,))),
         ("warning", "the boolean late has no phrases for true")),
        (layer(customers(dimensions=(
            LATE.model_copy(update={"phrases": {"true": ("late",), "maybe": ("perhaps",)}}),))),
         ("error", "'maybe' is neither true nor false")),
        (layer(customers(dimensions=(
            Dimension(name="c", sql="c", values=("A",), value_synonyms={"B": ("bee",)}),))),
         ("error", "'B' is not among the values")),
        (layer(customers(dimensions=(
            Dimension(name="c", sql="c", value_synonyms={"A": ("x",), "B": ("X",)}),))),
         ("warning", "'X' stands for 'A' and 'B'")),
        (layer(customers(synonyms=("best",))),
         ("warning", "'best' is a vague word: customers should not own it")),
        (layer(customers(synonyms=("client",)), orders(synonyms=("Client",))),
         ("warning", "'client' names customers and orders: give one a priority")),
        (layer(examples=(Example(question="?", query=Query(measures=("orders.totl",))),)),
         ("error", "The semantic layer has no measure named orders.totl. (orders.total)")),
    ],
)  # fmt: skip
def test_lint_finds(found: SemanticLayer, expected: tuple[str, str]) -> None:
    assert messages(problems(found, today=TODAY)) == [expected]


def test_a_priority_settles_a_shared_phrase() -> None:
    here = Dimension(name="country", sql="country", priority=1)
    there = Dimension(name="country", sql="country")

    both = layer(customers(dimensions=(here,)), orders(dimensions=(there, DAY)))

    assert problems(both, today=TODAY) == []


def test_hidden_dimensions_own_no_phrase() -> None:
    hidden = Dimension(name="country", sql="country", hidden=True)

    assert problems(layer(customers(), orders(dimensions=(hidden, DAY))), today=TODAY) == []


def test_an_entity_and_its_count_share_words() -> None:
    counted = Measure(name="count", agg="count", label="Orders", synonyms=("order",))

    assert problems(layer(customers(), orders(measures=(counted,))), today=TODAY) == []


def test_every_part_is_probed_once() -> None:
    full = layer(
        metrics=(Metric(name="mean", numerator="orders.total", denominator="orders.count"),),
        examples=(Example(question="How much?", query=Query(measures=("orders.total",))),),
    )

    assert [probe.what for probe in probe_queries(full, today=TODAY)] == [
        "the primary key of customers",
        "the dimension customers.country",
        "the values of customers.country",
        "the primary key of orders",
        "the dimension orders.day",
        "the join from orders to customers",
        "the measure orders.total",
        "the metric mean",
        "the example 'How much?'",
    ]


def test_probes_are_plain_statements() -> None:
    found = {probe.what: probe.sql for probe in probe_queries(layer(), today=TODAY)}

    assert found["the primary key of orders"] == (
        "SELECT id FROM sales.orders GROUP BY id HAVING COUNT(*) > 1 LIMIT 1"
    )
    assert found["the dimension orders.day"] == "SELECT day AS value FROM sales.orders LIMIT 1"
    assert found["the values of customers.country"] == (
        "SELECT DISTINCT country AS value FROM customers"
        " WHERE CAST(country AS TEXT) IN ('Norway') LIMIT 1"
    )
    assert found["the join from orders to customers"] == (
        "SELECT 1 AS found FROM sales.orders AS a JOIN customers AS b"
        " ON a.customer_id = b.id LIMIT 1"
    )


def answers(rows: dict[str, list[list[object]]] | None = None) -> Any:
    """A source that finds everything, but `rows` where a statement holds the words."""

    def run(sql: str) -> list[list[object]]:
        for words, found in (rows or {}).items():
            if words in sql:
                return found
        if "HAVING COUNT(*) > 1" in sql:
            return []
        return [["Norway"]]

    return run


def test_a_source_that_fits_gives_no_findings() -> None:
    assert check(layer(), answers(), today=TODAY) == []


def test_a_literal_that_is_not_in_the_data_is_an_error() -> None:
    found = check(layer(), answers({"DISTINCT country": []}), today=TODAY)

    assert found == [
        Finding(("entities", 0, "dimensions", 0), "not in the data of customers.country: 'Norway'")
    ]


def test_a_key_with_two_rows_is_an_error() -> None:
    found = check(layer(), answers({"SELECT id FROM customers": [[7]]}), today=TODAY)

    assert found == [
        Finding(("entities", 0, "primary_key"), "the primary key of customers (id) is not unique")
    ]


def test_one_to_one_needs_both_sides_single() -> None:
    join = Join(to="customers", keys={"customer_id": "id"}, cardinality="one_to_one")

    found = check(
        layer(customers(), orders(joins=(join,))),
        answers({"SELECT customer_id": [[7]]}),
        today=TODAY,
    )

    assert messages(found) == [
        ("error", "the join from orders to customers says one_to_one, but orders has several rows"
         " for one key")
    ]  # fmt: skip


def test_an_example_without_rows_is_a_warning() -> None:
    query = Query(measures=("orders.total",))

    found = check(
        layer(examples=(Example(question="How much?", query=query),)),
        answers({"SUM": []}),
        today=TODAY,
    )

    assert messages(found) == [("warning", "the example 'How much?' finds nothing")]


def test_what_the_source_refuses_is_an_error_with_its_first_line() -> None:
    def run(sql: str) -> list[list[object]]:
        if "SELECT day" in sql:
            raise RuntimeError('column "day" does not exist\nLINE 1: SELECT day')
        return answers()(sql)

    assert messages(check(layer(), run, today=TODAY)) == [
        ("error", 'the dimension orders.day does not run: column "day" does not exist')
    ]


@pytest.mark.parametrize(
    ("as_of", "sql", "day"),
    [
        ("now", None, None),
        ("2026-05-01", None, dt.date(2026, 5, 1)),
        ("max(orders.day)", "SELECT CAST(MAX(day) AS DATE) AS as_of FROM sales.orders", TODAY),
    ],
)
def test_the_last_day_comes_from_where_the_source_says(
    as_of: str, sql: str | None, day: dt.date | None
) -> None:
    found = layer(source=Source(as_of=as_of))

    assert refresh_queries(found).as_of == sql
    assert refreshed(found, as_of=TODAY if sql else None, values={}).as_of == day


def test_a_dimension_with_too_many_values_is_left_without() -> None:
    country = Dimension(name="country", sql="country", values="from_db")
    found = layer(customers(dimensions=(country,)))
    few, many = ["Norway"], [str(number) for number in range(MOST_VALUES + 1)]

    assert list(refresh_queries(found).values) == ["customers.country"]
    assert refreshed(found, as_of=None, values={"customers.country": few}).values == {
        "customers.country": ("Norway",)
    }
    assert refreshed(found, as_of=None, values={"customers.country": many}).values == {}
