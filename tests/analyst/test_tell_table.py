"""Answers about results of which only the first rows are known: nothing is claimed of the rest."""

import datetime as dt
from typing import Any

import pytest

from atlas.analyst import Table, tell_table
from atlas.semantic.compile import compile_query
from atlas.semantic.query import Query
from tests.analyst.layer import LAYER, TODAY

REVENUE = "order_lines.revenue"
ORDERS = "orders.order_count"
DAYS = [[dt.date(2026, 1, 1), 5], [dt.date(2026, 1, 2), 9], [dt.date(2026, 1, 3), 2]]


def told(query: dict[str, Any], rows: list[list[Any]], count: int, truncated: bool) -> str:
    asked = Query.model_validate(query)
    compiled = compile_query(LAYER, asked, today=TODAY)
    names = [column.name for column in compiled.columns]
    return tell_table(asked, compiled, Table(names, rows, count, truncated), TODAY)


@pytest.mark.parametrize(
    ("query", "rows", "count", "truncated", "expected"),
    [
        ({"kind": "list", "entity": "categories"}, [["A"], ["B"], ["C"]], 320, False,
         "There are **320** categories: A, B, C and 317 more."),
        ({"kind": "list", "entity": "categories"}, [["A"], ["B"], ["C"]], 1000, True,
         "These are the first **1,000** categories: A, B, C and 997 more. "
         "Only the first 1,000 rows are shown."),
        ({"measures": [ORDERS], "grain": "day"}, DAYS, 900, False,
         "There are **900** rows of number of orders; it was **5** on 1 Jan 2026."),
        ({"measures": [ORDERS], "grain": "day"}, DAYS, 1000, True,
         "The first **1,000** rows of number of orders; it was **5** on 1 Jan 2026. "
         "Only the first 1,000 rows are shown."),
        ({"measures": [ORDERS], "grain": "day"}, DAYS, 3, False,
         "Number of orders peaked at **9** on 2 Jan 2026; the lowest was 2 on 3 Jan 2026."),
        ({"measures": [REVENUE], "group_by": ["products"], "having": [
            {"measure": REVENUE, "op": ">", "values": [5]}], "order": {"by": REVENUE}},
         [["Chai", 30], ["Tofu", 20]], 77, False,
         "**Chai** comes first by revenue with **$30.00**, followed by Tofu ($20.00) "
         "(revenue over 5). In all, **77** meet this."),
    ],
)  # fmt: skip
def test_the_count_is_of_all_rows_and_extremes_only_of_whole_results(
    query: dict[str, Any], rows: list[list[Any]], count: int, truncated: bool, expected: str
) -> None:
    assert told(query, rows, count, truncated) == expected
