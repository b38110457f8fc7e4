"""Rows are shown in the reader's form, drawn when they can be, and exported unharmed."""

from uuid import uuid4

import pytest
from django.utils import translation

from atlas.chat.cells import show_for
from atlas.chat.results import ResultRows, column_of, drawing, figure

MONTH = {"name": "month", "label": "Month", "format": None, "role": "time"}
NAME = {"name": "name", "label": "Name", "format": None, "role": "dimension"}
MONEY = {"name": "revenue", "label": "Revenue", "format": "money", "role": "measure"}
LINE = {"kind": "line", "x": "month", "y": ["revenue"], "series": None}


def rows(columns, data, count=None):
    return ResultRows(
        uuid4(), tuple(columns), data, 0, len(data) if count is None else count, False
    )


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (MONEY, "1234567.5", "1,234,567.50"),
        (MONEY, "-3", "\u22123.00"),
        (MONEY, None, "\u2013"),
        ({"format": "integer"}, 12345, "12,345"),
        ({"format": "number"}, "2.50", "2.5"),
        ({"format": "number"}, "3", "3"),
        ({"format": "number"}, "1E+3", "1,000"),
        ({"format": "number"}, "1E+999999", "1E+999999"),
        ({"format": "integer"}, "9" * 3000, "9" * 3000),
        ({"format": "percent"}, "0.2568", "25.7 %"),
        ({"format": "days"}, "3.25", "3.2 d"),
        ({"format": "money"}, "NaN", "NaN"),
        (MONTH, "2026-03-01", "Mar 2026"),
        ({**MONTH, "name": "quarter"}, "2026-04-01", "Q2 2026"),
        ({**MONTH, "name": "year"}, "2026-01-01", "2026"),
        ({**MONTH, "name": "day"}, "2026-01-05", "Jan. 5, 2026"),
        (NAME, "2026-01-05", "Jan. 5, 2026"),
        (NAME, "2026-13-45", "2026-13-45"),
        (NAME, "2026-01-05T00:00:00", "Jan. 5, 2026"),
        (NAME, "2026-01-05T14:30:00", "Jan. 5, 2026, 2:30 p.m."),
        (NAME, "2026-01-05T99:99:99", "2026-01-05T99:99:99"),
        (NAME, "2026-01-05 and later", "2026-01-05 and later"),
        (MONTH, "unknown", "unknown"),
        (NAME, ["a"], "['a']"),
        (NAME, "<b>", "<b>"),
        (NAME, True, "yes"),
        ({"name": "order_id", "format": "integer"}, 10248, "10248"),
        ({"name": "year", "format": None}, 2026, "2026"),
        ({"name": "flight", "format": "plain"}, 3535, "3535"),
        (NAME, 12345.678, "12,345.68"),
    ],
)
def test_cells_are_shown_in_the_form_of_their_column(column, value, shown):
    with translation.override("en-us"):
        assert show_for(column, [value])(value) == shown


def test_numbers_follow_the_readers_language():
    with translation.override("de"):
        assert show_for(MONEY, [])("1234.5") == "1.234,50"


def test_the_table_is_escaped_and_numbers_are_aligned():
    shown = rows([NAME, MONEY], [["<script>", "1"], ["=1+1", None]])

    assert shown.headings == [("Name", False), ("Revenue", True)]
    assert shown.body == (
        '<tr><td class="short">&lt;script&gt;</td><td class="number">1.00</td></tr>'
        '<tr><td class="short">=1+1</td><td class="number">\u2013</td></tr>'
    )


@pytest.mark.parametrize(
    ("offset", "count", "expected"),
    [
        (0, 0, (0, 0, None, None)),
        (0, 50, (1, 50, None, None)),
        (0, 120, (1, 50, None, 50)),
        (50, 120, (51, 100, 0, 100)),
        (100, 120, (101, 120, 50, None)),
    ],
)
def test_pages_know_their_neighbours(offset, count, expected):
    page = ResultRows(uuid4(), (NAME,), [], offset, count, False)

    assert (page.first, page.last, page.previous_offset, page.next_offset) == expected


def test_a_line_is_drawn_with_numbers_and_their_texts():
    shown = rows([MONTH, MONEY], [["2026-01-01", "10.5"], ["2026-02-01", None]])

    assert drawing(LINE, shown) == {
        "kind": "line",
        "labels": ["Jan 2026", "Feb 2026"],
        "series": [{"name": "Revenue", "values": [10.5, None], "texts": ["10.50", "\u2013"]}],
    }


def test_a_series_column_splits_the_lines_and_leaves_gaps():
    data = [
        ["2026-01-01", "Tea", "1"],
        ["2026-01-01", "Cheese", "2"],
        ["2026-02-01", "Tea", "3"],
    ]
    shown = rows([MONTH, NAME, MONEY], data)

    drawn = drawing({**LINE, "series": "name"}, shown)

    assert [(one["name"], one["values"]) for one in drawn["series"]] == [
        ("Tea", [1.0, 3.0]),
        ("Cheese", [2.0, None]),
    ]


@pytest.mark.parametrize(
    ("chart", "data"),
    [
        (None, [["2026-01-01", "1"], ["2026-02-01", "2"]]),
        ({"kind": "table"}, [["2026-01-01", "1"], ["2026-02-01", "2"]]),
        (LINE, [["2026-01-01", "1"]]),
        (LINE, []),
        (LINE, [["2026-01-01", "1"]] * 201),
        ({**LINE, "x": "gone"}, [["2026-01-01", "1"], ["2026-02-01", "2"]]),
        ({**LINE, "y": ["gone"]}, [["2026-01-01", "1"], ["2026-02-01", "2"]]),
    ],
)
def test_what_cannot_be_drawn_stays_a_table(chart, data):
    assert drawing(chart, rows([MONTH, MONEY], data)) is None


def test_one_number_is_a_figure():
    number = {"kind": "number", "y": ["revenue"]}

    assert figure(number, rows([MONEY], [["3412880.75"]])) == "3,412,880.75"
    assert figure(number, rows([MONEY], [])) == ""
    assert figure(LINE, rows([MONEY], [["1"]])) == ""


def test_columns_may_be_names_alone():
    assert column_of("total") == {
        "name": "total",
        "label": "total",
        "format": None,
        "role": None,
    }


def test_amounts_carry_their_currency_in_the_heading():
    shown = rows([NAME, MONEY], []).in_currency("USD")

    assert [label for label, _number in shown.headings] == ["Name", "Revenue (USD)"]
