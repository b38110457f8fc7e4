"""Typed queries and the SQL they become: joins that never multiply, and values as literals."""

import datetime as dt
from typing import Any

import pytest
import sqlglot
from pydantic import ValidationError

from atlas.semantic.compile import Compiled, CompileError, OutputColumn, compile_query
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Query
from atlas.sql import ValidatedQuery, validate
from tests.analyst.layer import LAYER, TODAY

REVENUE = "order_lines.revenue"
ORDERS = "orders.order_count"
SUM = "SUM(order_lines.unit_price * order_lines.quantity * (1 - order_lines.discount))"


def compiled(layer: SemanticLayer = LAYER, **query: Any) -> Compiled:
    return compile_query(layer, Query.model_validate(query), today=TODAY)


def test_a_trend_goes_by_the_default_date() -> None:
    found = compiled(measures=[REVENUE], grain="month", time={"relative": "this_year"})

    month = "CAST(DATE_TRUNC('MONTH', orders.order_date) AS DATE)"
    assert found.sql == (
        f"SELECT {month} AS month, {SUM} AS revenue "
        "FROM order_details AS order_lines "
        "LEFT JOIN orders ON orders.order_id = order_lines.order_id "
        "WHERE orders.order_date >= CAST('2026-01-01' AS DATE) "
        "AND orders.order_date < CAST('2027-01-01' AS DATE) "
        f"GROUP BY {month} ORDER BY month ASC LIMIT 1001"
    )
    assert found.columns == (
        OutputColumn("month", "Month", None, "time"),
        OutputColumn("revenue", "Revenue", "money", "measure"),
    )
    assert found.chart is not None
    assert (found.chart.kind, found.chart.x, found.chart.y) == ("line", "month", ("revenue",))
    assert found.reading == "Revenue, by month, order date 1 Jan 2026 to 31 Dec 2026."
    assert found.definitions[0].text == "Price times quantity, less the discount."


def test_an_entity_is_grouped_by_its_key_and_shown_by_its_label() -> None:
    found = compiled(measures=[ORDERS], group_by=["customers"],
                     order={"by": ORDERS}, limit=3)  # fmt: skip

    assert found.sql == (
        "SELECT customers.company_name AS company_name, COUNT(*) AS order_count FROM orders "
        "LEFT JOIN customers ON customers.customer_id = orders.customer_id "
        "GROUP BY customers.company_name, customers.customer_id "
        "ORDER BY order_count DESC NULLS LAST, company_name ASC LIMIT 3"
    )
    assert found.chart is not None
    assert found.chart.kind == "bar"


def test_a_filter_beyond_a_multiplying_join_looks_whether_rows_exist() -> None:
    found = compiled(
        measures=["customers.count"],
        filters=[{"dimension": "categories.category_name", "values": ["Seafood"]}],
        time={"relative": "last_month", "dimension": "orders.order_date"},
    )

    assert found.sql.startswith("SELECT COUNT(*) AS count FROM customers WHERE EXISTS(")
    # The month and the category hold for the same order.
    assert found.sql.count("EXISTS(SELECT 1 FROM orders AS") == 1
    assert "JOIN orders" not in found.sql


def test_a_count_split_beyond_a_multiplying_join_counts_each_row_once() -> None:
    found = compiled(measures=[ORDERS], group_by=["categories"])

    assert "COUNT(DISTINCT orders.order_id) AS order_count" in found.sql


def test_a_sum_is_never_split_beyond_a_multiplying_join() -> None:
    with pytest.raises(CompileError) as caught:
        compiled(measures=["orders.freight_cost"], group_by=["categories"])

    assert caught.value.code == "fan_out"
    assert "counted several times" in caught.value.message


def test_a_finer_measure_of_the_same_family_takes_over() -> None:
    header = {"name": "total", "sql": "freight", "agg": "sum", "family": "sales",
              "label": "Order total"}  # fmt: skip
    entities = [
        e.model_copy(update={"measures": (*e.measures, type(e.measures[0]).model_validate(header))})
        if e.name == "orders" else e
        for e in LAYER.entities
    ]  # fmt: skip
    layer = LAYER.model_copy(update={"entities": tuple(entities)})

    found = compiled(layer, measures=["orders.total"], group_by=["categories"])

    assert SUM in found.sql
    assert [a.key for a in found.assumptions] == ["family:orders.total"]


def test_figures_of_different_grain_are_aggregated_apart() -> None:
    found = compiled(measures=["metrics.average_order_value"], group_by=["customers.country"])

    tree = sqlglot.parse_one(found.sql, dialect="postgres")
    branches = list(tree.find_all(sqlglot.exp.Union))
    assert len(branches) == 1
    assert "NULLIF(MAX(orders_order_count), 0)" in found.sql
    assert "JOIN orders" in found.sql.split("UNION ALL")[0]
    assert "order_details" not in found.sql.split("UNION ALL")[1]


@pytest.mark.parametrize(
    "value",
    [
        "O'Reilly",
        "'; DROP TABLE orders; --",
        "\\'",
        "%",
        "a\nb",
        "$$x$$",
        "E'\\x41'",
        "ü\u2013\u2019",
    ],
)
def test_values_stay_literals(value: str) -> None:
    for op in ("=", "contains"):
        found = compiled(
            measures=[REVENUE],
            filters=[{"dimension": "products.product_name", "op": op, "values": [value]}],
        )
        tree = sqlglot.parse_one(found.sql, dialect="postgres")
        strings = [node.this for node in tree.find_all(sqlglot.exp.Literal) if node.is_string]
        if op == "=":
            assert strings == [value]
        assert validated(found)


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ([{"dimension": "customers.country", "values": ["UK", "USA"]}],
         "customers.country IN ('UK', 'USA')"),
        ([{"dimension": "customers.country", "values": ["UK"], "negated": True}],
         "NOT (customers.country = 'UK') IS TRUE"),
        ([{"dimension": "customers.country", "op": "is_null"}], "customers.country IS NULL"),
        ([{"dimension": "orders.is_late", "values": [True]}],
         "(orders.shipped_date > orders.required_date) IS TRUE"),
        ([{"dimension": "orders.is_late", "values": [True], "negated": True}],
         "NOT (orders.shipped_date > orders.required_date) IS TRUE"),
        ([{"dimension": "orders.is_late", "values": [False]}],
         "(orders.shipped_date > orders.required_date) IS FALSE"),
        ([{"dimension": "orders.is_late", "values": [True, False]}],
         "(orders.shipped_date > orders.required_date) IS NOT NULL"),
        ([{"dimension": "orders.freight", "op": ">=", "values": [-2.5]}], "orders.freight >= -2.5"),
        ([{"dimension": "orders.freight", "op": "between", "values": [1, 2]}],
         "orders.freight BETWEEN 1 AND 2"),
        ([{"dimension": "orders.order_date", "op": "<", "values": ["2026-01-01"]}],
         "orders.order_date < CAST('2026-01-01' AS DATE)"),
        ([{"dimension": "customers.country", "op": "contains", "values": ["50%_x"]}],
         "customers.country ILIKE '%50\\%\\_x%'"),
    ],
)  # fmt: skip
def test_a_filter_becomes_this_condition(filters: list[dict[str, Any]], condition: str) -> None:
    assert condition in compiled(measures=[ORDERS], filters=filters).sql


def test_related_rows_that_must_not_exist() -> None:
    missing = {"entity": "orders", "time": {"relative": "this_year"}}
    found = compiled(kind="list", entity="customers", not_exists=[missing])

    assert "WHERE NOT EXISTS(SELECT 1 FROM orders AS orders_1 WHERE" in found.sql
    assert "orders_1.customer_id = customers.customer_id" in found.sql
    assert found.chart is not None
    assert found.chart.kind == "table"


KINDS: list[dict[str, Any]] = [
    {"measures": [REVENUE]},
    {"measures": [REVENUE, ORDERS], "group_by": ["customers"], "grain": "quarter"},
    {"measures": ["metrics.late_rate"], "group_by": ["shippers"]},
    {"measures": ["metrics.average_order_value"], "grain": "year"},
    {"measures": [REVENUE], "group_by": ["categories"],
     "having": [{"measure": ORDERS, "op": "between", "values": [1, 5]}]},
    {"kind": "share", "measures": [REVENUE], "group_by": ["categories"], "limit": 3,
     "order": {"by": REVENUE}},
    {"kind": "share", "measures": [ORDERS], "grain": "month",
     "filters": [{"dimension": "orders.is_late", "values": [True]}]},
    {"kind": "compare", "measures": [REVENUE, ORDERS], "time": {"relative": "this_month"},
     "group_by": ["products"]},
    {"kind": "growth", "measures": [REVENUE], "grain": "month", "step": "year",
     "time": {"relative": "last_6_months"}, "group_by": ["customers.country"]},
    {"kind": "average_per", "measures": [REVENUE], "entity": "customers", "grain": "year"},
    {"kind": "average_per", "measures": [ORDERS], "grain": "month", "group_by": ["shippers"]},
    {"kind": "count_having", "entity": "customers", "time": {"relative": "last_year"},
     "having": [{"measure": ORDERS, "op": "<", "values": [3]}]},
    {"kind": "list", "entity": "orders", "filters": [{"dimension": "orders.is_late",
     "values": [True]}], "order": {"by": "orders.freight"}, "limit": 5},
    {"kind": "list", "entity": "products", "exists": [{"entity": "customers", "filters": [
        {"dimension": "customers.country", "values": ["UK"]}]}]},
]  # fmt: skip


def validated(found: Compiled) -> bool:
    outcome = validate(found.sql, dialect="postgres", catalog=LAYER.catalog())
    assert isinstance(outcome, ValidatedQuery), outcome
    return True


@pytest.mark.parametrize("query", KINDS, ids=[str(i) for i in range(len(KINDS))])
def test_every_kind_passes_the_guard_with_the_columns_it_names(query: dict[str, Any]) -> None:
    found = compiled(**query)

    assert validated(found)
    tree = sqlglot.parse_one(found.sql, dialect="postgres")
    assert isinstance(tree, sqlglot.exp.Select)
    assert [e.alias_or_name for e in tree.expressions] == [c.name for c in found.columns]
    assert len({c.name for c in found.columns}) == len(found.columns)


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("unknown_measure", {"measures": ["orders.nothing"]}),
    ("unknown_measure", {"measures": ["metrics.nothing"]}),
    ("unknown_dimension", {"measures": [ORDERS], "group_by": ["orders.nothing"]}),
    ("unknown_entity", {"kind": "list", "entity": "nothing"}),
    ("no_history", {"measures": ["products.stock"], "grain": "month"}),
    ("no_time", {"measures": ["customers.count"], "grain": "month"}),
    ("no_time", {"kind": "compare", "measures": [REVENUE]}),
    ("no_time", {"kind": "growth", "measures": [REVENUE]}),
    ("bad_value", {"measures": [ORDERS], "filters": [{"dimension": "orders.freight"}]}),
    ("bad_value", {"measures": [ORDERS], "filters": [
        {"dimension": "orders.freight", "values": ["much"]}]}),
    ("bad_value", {"measures": [ORDERS], "filters": [
        {"dimension": "orders.order_date", "values": ["soon"]}]}),
    ("unsupported", {"kind": "share", "measures": [REVENUE]}),
    ("unsupported", {"kind": "saved", "measures": [REVENUE]}),
    ("unsupported", {"measures": [REVENUE], "group_by": ["products"], "order": {"by": ORDERS}}),
    ("unsupported", {"kind": "list", "entity": "orders", "grain": "month"}),
    ("fan_out", {"kind": "list", "entity": "orders", "columns": ["products.product_name"]}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "query"), REFUSED, ids=[str(i) for i in range(len(REFUSED))])
def test_what_has_no_safe_sql_is_an_error(code: str, query: dict[str, Any]) -> None:
    with pytest.raises(CompileError) as caught:
        compiled(**query)

    assert caught.value.code == code
    assert caught.value.message.endswith((".", "?"))


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(CompileError) as caught:
        compiled(measures=["order_lines.revenu"])

    assert caught.value.options[0] == REVENUE


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "list"},
        {},
        {"measures": [ORDERS], "limit": 0},
        {"measures": [ORDERS], "limit": 10_001},
        {"measures": [ORDERS], "time": {"relative": "next_year"}},
        {"measures": [ORDERS], "having": [{"measure": ORDERS, "op": ">", "values": []}]},
        {"measures": [ORDERS], "surprise": 1},
    ],
)
def test_a_query_without_sense_is_not_made(query: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Query.model_validate(query)


def test_the_core_leaves_out_how_it_was_found() -> None:
    plain = Query.model_validate({"measures": [ORDERS], "time": {"relative": "last_month"}})
    noted = Query.model_validate({
        "measures": [ORDERS],
        "time": {"relative": "last_month", "label": "last month"},
        "assumptions": [{"key": "a", "text": "b"}],
    })  # fmt: skip

    assert plain != noted
    assert plain.core() == noted.core()


def test_the_day_decides_and_nothing_else() -> None:
    query = Query.model_validate({"measures": [ORDERS], "time": {"relative": "today"}})

    one = compile_query(LAYER, query, today=dt.date(2026, 1, 1))
    again = compile_query(LAYER, query, today=dt.date(2026, 1, 1))
    other = compile_query(LAYER, query, today=dt.date(2026, 1, 2))

    assert one == again
    assert one.sql != other.sql


LATE = {"dimension": "orders.is_late", "values": [True]}
FRENCH = {"dimension": "customers.country", "values": ["France"]}


@pytest.mark.parametrize(
    ("query", "part", "rows"),
    [
        ({"filters": [LATE, FRENCH]}, "FILTER(WHERE ((orders.shipped_date", " WHERE (customers."),
        ({"filters": [LATE], "group_by": ["shippers"]}, "FILTER(WHERE ((orders.shipped_date", ""),
        ({"filters": [FRENCH]}, "FILTER(WHERE (customers.country", ""),
        ({"filters": [FRENCH], "group_by": ["shippers"]}, "OVER ()", " WHERE (customers."),
    ],
)
def test_a_share_is_of_what_the_question_leaves_as_the_whole(
    query: dict[str, Any], part: str, rows: str
) -> None:
    found = compiled(kind="share", measures=[ORDERS], **query)

    plain = found.sql.replace("((", "(").replace("((", "(")
    assert part.replace("((", "(") in plain
    assert rows in found.sql
    assert (" WHERE " in found.sql) is bool(rows)
    assert found.chart is not None
    assert set(found.chart.y) == {"order_count_share"}


def test_a_condition_of_both_kinds_is_told_as_such() -> None:
    late = {"dimension": "orders.is_late", "values": [True, False]}

    assert (
        compiled(measures=[ORDERS], filters=[late]).reading == "Number of orders, late or on time."
    )


@pytest.mark.parametrize(("name", "sql"), [("max", "MAX"), ("min", "MIN")])
def test_each_number_has_a_highest_and_a_lowest_value(name: str, sql: str) -> None:
    found = compiled(measures=[f"products.{name}_unit_price"], group_by=["categories"])

    assert f"{sql}(products.unit_price) AS {name}_unit_price" in found.sql
    assert found.columns[-1].format == "money"


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "list", "entity": "orders", "columns": ["orders.order_id"]},
        {"measures": [ORDERS], "group_by": ["orders.order_id"]},
    ],
)
def test_an_id_is_shown_as_it_is(query: dict[str, Any]) -> None:
    columns = {column.name: column.format for column in compiled(**query).columns}

    assert columns["order_id"] == "plain"


def test_rows_without_a_label_are_shown_by_their_whole_key() -> None:
    found = compiled(measures=["order_lines.count"], group_by=["order_lines"])

    assert (
        "CAST(order_lines.order_id AS TEXT) || ' ' || CAST(order_lines.product_id AS TEXT)"
        in found.sql
    )
    assert validated(found)
