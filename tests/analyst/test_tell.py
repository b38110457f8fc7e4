"""Answers in words: the figure first, and no number that is not in the rows."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from atlas.analyst import tell
from atlas.analyst.formats import escaped, shown
from atlas.semantic.compile import OutputColumn, compile_query
from atlas.semantic.query import Query
from tests.analyst.layer import LAYER, TODAY

REVENUE = "order_lines.revenue"
ORDERS = "orders.order_count"


def told(query: dict[str, Any], rows: list[list[object]], truncated: bool = False) -> str:
    asked = Query.model_validate(query)
    compiled = compile_query(LAYER, asked, today=TODAY)
    names = [column.name for column in compiled.columns]
    return tell(asked, compiled, names, rows, truncated, TODAY)


def month(number: int) -> dt.date:
    return dt.date(2026, number, 1)


TABLE: list[tuple[str, dict[str, Any], list[list[object]], str]] = [
    ("a figure", {"measures": [REVENUE], "time": {"relative": "last_month"}},
     [[Decimal("1234567.891")]],
     "Revenue: **$1,234,567.89** (order date 1 Oct 2026 to 31 Oct 2026)."),
    ("two figures", {"measures": [REVENUE, ORDERS]}, [["10.5", 1200]],
     "Revenue: **$10.50**, Number of orders: **1,200**."),
    ("a figure that is still growing", {"measures": [ORDERS], "time": {"relative": "this_month"}},
     [[7]],
     "Number of orders: **7** (order date 1 Nov 2026 to 30 Nov 2026). "
     "The period is not over yet: figures run to 22 Nov 2026."),
    ("nothing", {"measures": [REVENUE], "time": {"relative": "last_month"}}, [[None]],
     "There is no data for this: revenue, order date 1 Oct 2026 to 31 Oct 2026."),
    ("no groups", {"measures": [REVENUE], "group_by": ["products"]}, [],
     "There is no data for this: revenue, by product."),
    ("a ranking", {"measures": [REVENUE], "group_by": ["products"], "limit": 5,
                   "order": {"by": REVENUE}},
     [["Chai", 30], ["Tofu", 20], ["Ikura", 10], ["Konbu", 5]],
     "**Chai** comes first by revenue with **$30.00**, followed by Tofu ($20.00) and "
     "Ikura ($10.00)."),
    ("the lowest", {"measures": [ORDERS], "group_by": ["products"], "limit": 2,
                    "order": {"by": ORDERS, "direction": "asc"}},
     [["Chai", 1], ["Tofu", 2]],
     "**Chai** is lowest by number of orders with **1**, followed by Tofu (2)."),
    ("the one asked for", {"measures": [ORDERS], "group_by": ["products"], "limit": 1,
                           "order": {"by": ORDERS}},
     [["Chai", 1]], "**Chai** comes first by number of orders with **1**."),
    ("one group only", {"measures": [ORDERS], "group_by": ["categories"]}, [["Produce", 3]],
     "Number of orders for Produce: **3**."),
    ("an unknown group", {"measures": [ORDERS], "group_by": ["customers.country"]},
     [[None, 3], ["UK", 1]],
     "**unknown** comes first by number of orders with **3**, followed by UK (1)."),
    ("a trend", {"measures": [REVENUE], "grain": "month"},
     [[month(6), 5], [month(7), 9], [month(8), 2], [month(9), 4]],
     "Revenue peaked at **$9.00** in Jul 2026; the lowest was $2.00 in Aug 2026; the latest, "
     "Sep 2026, is $4.00."),
    ("a trend up to now", {"measures": [ORDERS], "grain": "quarter"},
     [[month(7), 5], [month(10), 9]],
     "Number of orders peaked at **9** in Q4 2026; the lowest was 5 in Q3 2026. "
     "The period is not over yet: figures run to 22 Nov 2026."),
    ("a trend as text", {"measures": [ORDERS], "grain": "week"},
     [["2026-06-01T00:00:00", "5"], ["2026-06-08", "7"]],
     "Number of orders peaked at **7** in the week of 8 Jun 2026; the lowest was 5 in the week of "
     "1 Jun 2026."),
    ("a comparison", {"kind": "compare", "measures": [REVENUE], "time": {"relative": "last_month"}},
     [[120, 100, 20, "0.2"]],
     "Revenue came to **$120.00** in Oct 2026, against $100.00 in Sep 2026: up $20.00 (20.0%)."),
    ("a comparison down", {"kind": "compare", "measures": [ORDERS],
                           "time": {"relative": "last_year"}},
     [[90, 100, -10, "-0.1"]],
     "Number of orders came to **90** in 2025, against 100 in 2024: down 10 (10.0%)."),
    ("a comparison with nothing", {"kind": "compare", "measures": [ORDERS],
                                   "time": {"relative": "last_year"}},
     [[90, None, None, None]],
     "Number of orders came to **90** in 2025, against unknown in 2024."),
    ("a part", {"kind": "share", "measures": [ORDERS],
                "filters": [{"dimension": "orders.is_late", "values": [True]}]},
     [["0.125", 1, 8]], "**12.5%** of number of orders: 1 of 8 (late)."),
    ("shares", {"kind": "share", "measures": [REVENUE], "group_by": ["categories"]},
     [["Produce", 30, 0.6], ["Seafood", 20, 0.4]],
     "**Produce** comes first by share of revenue with **60.0%**, followed by Seafood (40.0%)."),
    ("growth", {"kind": "growth", "measures": [REVENUE], "grain": "month"},
     [[month(8), 10, None, None], [month(9), 12, 10, 0.2]],
     "In Sep 2026, revenue came to **$12.00**, 20.0% more than one month before ($10.00)."),
    ("growth from nothing", {"kind": "growth", "measures": [REVENUE], "grain": "month"},
     [[month(9), 12, None, None]],
     "In Sep 2026, revenue came to **$12.00**; there is no earlier figure to compare it with."),
    ("a list", {"kind": "list", "entity": "suppliers"},
     [["A", "x", "y"], ["B", "x", "y"], ["C", "x", "y"], ["D", "x", "y"]],
     "There are **4** suppliers: A, B, C and 1 more."),
    ("a list of three", {"kind": "list", "entity": "categories"}, [["A"], ["B"], ["C"]],
     "There are **3** categories: A, B and C."),
    ("a list of one", {"kind": "list", "entity": "products", "filters": [
        {"dimension": "products.product_name", "values": ["Chai"]}]},
     [["Chai", "Beverages", 18, None]],
     "**Chai**: category Beverages, unit price $18.00 (product Chai)."),
    ("an empty list", {"kind": "list", "entity": "customers",
                       "not_exists": [{"entity": "orders"}]}, [],
     "There are no such customers (without orders)."),
    ("an ordered list", {"kind": "list", "entity": "products", "limit": 2,
                         "order": {"by": "products.unit_price", "direction": "asc"}},
     [["Geitost", "Dairy", "2.5", 1], ["Konbu", "Seafood", "6", 1]],
     "**Geitost** is lowest by unit price with **$2.50**, followed by Konbu ($6.00)."),
    ("how many meet a limit", {"kind": "count_having", "entity": "customers",
                               "having": [{"measure": ORDERS, "op": ">", "values": [5]}]},
     [[12]], "Number of customers: **12** (number of orders over 5)."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "rows", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_result_is_told_like_this(
    query: dict[str, Any], rows: list[list[object]], expected: str
) -> None:
    assert told(query, rows) == expected


def test_a_cut_result_says_so() -> None:
    found = told({"kind": "list", "entity": "categories"}, [["A"], ["B"]], truncated=True)

    assert found == (
        "These are the first **2** categories: A and B. Only the first 2 rows are shown."
    )


def test_cells_are_found_by_name_whatever_their_order() -> None:
    query = Query.model_validate({"measures": [ORDERS], "group_by": ["categories"]})
    compiled = compile_query(LAYER, query, today=TODAY)

    found = tell(query, compiled, ["order_count", "category_name"], [[3, "Tea"]], False, TODAY)

    assert found == "Number of orders for Tea: **3**."


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.mark.parametrize(
    ("query", "rows"), [row[1:3] for row in TABLE[:12]], ids=[r[0] for r in TABLE[:12]]
)
def test_no_number_is_invented(query: dict[str, Any], rows: list[list[object]]) -> None:
    text = told(query, rows)
    compiled = compile_query(LAYER, Query.model_validate(query), today=TODAY)

    cells = {f"{float(str(c)):.2f}" for row in rows for c in row if _is_number(c)}
    known = compiled.context + compiled.reading + "22 Nov 2026 Jun Jul Aug Sep Oct Q3 Q4"
    for found in NUMBER.findall(text.replace("2026", "")):
        value = f"{float(found.replace(',', '')):.2f}"
        assert value in cells or found in known, found


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("-1234.5"), "money", "-$1,234.50"),
        (0, "money", "$0.00"),
        ("0.0525", "percent", "5.2%"),
        (1234567, "integer", "1,234,567"),
        (1234.5, "number", "1,234.5"),
        (3, "number", "3"),
        (2.25, "days", "2.2 days"),
        (None, "money", "unknown"),
        (True, None, "yes"),
        (dt.datetime(2026, 3, 1, 12, 0), None, "1 Mar 2026"),
        ("NaN", "number", "NaN"),
        ("", None, "(empty)"),
    ],
)
def test_a_cell_is_shown_in_its_format(value: object, unit: Any, text: str) -> None:
    assert shown(value, OutputColumn("x", "X", unit, "measure"), "USD") == text


def test_other_currencies_are_named() -> None:
    column = OutputColumn("x", "X", "money", "measure")

    assert shown(5, column, "EUR") == "€5.00"
    assert shown(-5, column, "CHF") == "-CHF 5.00"


def test_markdown_in_data_is_shown_as_it_is() -> None:
    assert escaped("a*b_c [x](y)\n<b>|`#") == r"a\*b\_c \[x\](y) \<b\>\|\`\#"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-01-31", "31 Jan 2026"),
        (dt.date(2026, 1, 31), "31 Jan 2026"),
        ("2026-02-31", "2026-02-31"),
        ("2026-01-31 and later", "2026-01-31 and later"),
        (24293, "24293"),
    ],
)
def test_names_are_shown_as_people_write_them(value: object, text: str) -> None:
    assert shown(value, OutputColumn("x", "X", "plain", "dimension"), "USD") == text
    assert shown(value, OutputColumn("x", "X", None, "dimension"), "USD") == text
