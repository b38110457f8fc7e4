"""Words about time and the days they stand for on 22 November 2026."""

import datetime as dt

import pytest

from atlas.analyst.marks import Board
from atlas.analyst.times import mark_times
from atlas.analyst.words import split
from atlas.semantic.periods import (
    in_words,
    is_partial,
    name_of,
    previous,
    resolve,
    shift,
    start_of,
)
from atlas.semantic.query import DateRange, Period

TODAY = dt.date(2026, 11, 22)

TABLE = [
    ("today", "2026-11-22", "2026-11-23"),
    ("yesterday", "2026-11-21", "2026-11-22"),
    ("this week", "2026-11-16", "2026-11-23"),
    ("last week", "2026-11-09", "2026-11-16"),
    ("this month", "2026-11-01", "2026-12-01"),
    ("the previous month", "2026-10-01", "2026-11-01"),
    ("this quarter", "2026-10-01", "2027-01-01"),
    ("last quarter", "2026-07-01", "2026-10-01"),
    ("current year", "2026-01-01", "2027-01-01"),
    ("last year", "2025-01-01", "2026-01-01"),
    ("last 30 days", "2026-10-24", "2026-11-23"),
    ("past two weeks", "2026-11-02", "2026-11-16"),
    ("the last 6 months", "2026-05-01", "2026-11-01"),
    ("last 3 quarters", "2026-01-01", "2026-10-01"),
    ("past 2 years", "2024-01-01", "2026-01-01"),
    ("ytd", "2026-01-01", "2026-11-23"),
    ("year to date", "2026-01-01", "2026-11-23"),
    ("so far this month", "2026-11-01", "2026-11-23"),
    ("on Sunday", "2026-11-22", "2026-11-23"),
    ("last Sunday", "2026-11-15", "2026-11-16"),
    ("on Monday", "2026-11-16", "2026-11-17"),
    ("past Saturday", "2026-11-21", "2026-11-22"),
    ("Q1 2026", "2026-01-01", "2026-04-01"),
    ("2025 Q4", "2025-10-01", "2026-01-01"),
    ("Q2", "2026-04-01", "2026-07-01"),
    ("the third quarter of 2025", "2025-07-01", "2025-10-01"),
    ("in 2024", "2024-01-01", "2025-01-01"),
    ("March 2026", "2026-03-01", "2026-04-01"),
    ("in March", "2026-03-01", "2026-04-01"),
    ("in December", "2025-12-01", "2026-01-01"),
    ("2026-02-28", "2026-02-28", "2026-03-01"),
    ("July 4, 2026", "2026-07-04", "2026-07-05"),
    ("4 July 2026", "2026-07-04", "2026-07-05"),
    ("3rd March 2025", "2025-03-03", "2025-03-04"),
    ("since March 2026", "2026-03-01", None),
    ("since 2026-03-05", "2026-03-05", None),
    ("after 2024", "2025-01-01", None),
    ("before March 2026", None, "2026-03-01"),
    ("until March 2026", None, "2026-04-01"),
    ("from January to March 2026", "2026-01-01", "2026-04-01"),
    ("between 2026-01-01 and 2026-02-15", "2026-01-01", "2026-02-16"),
    ("from 2024 onwards", "2024-01-01", None),
]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("text", "start", "before"), TABLE, ids=[row[0] for row in TABLE])
def test_a_period_is_read(text: str, start: str | None, before: str | None) -> None:
    board = Board(text, split(text))

    mark_times(board, TODAY)

    (mark,) = board.marks("time")
    assert resolve(mark.value, TODAY) == (DateRange(start=day(start), before=day(before)),)


@pytest.mark.parametrize(
    "text", ["5000 orders", "march of progress", "may I see",
             "last orders", "between 5 and 10", "2026-13-45"],
)  # fmt: skip
def test_other_words_are_no_period(text: str) -> None:
    board = Board(text, split(text))

    mark_times(board, TODAY)

    assert board.marks("time") == []


@pytest.mark.parametrize(
    ("text", "grain"),
    [("by month", "month"), ("weekly", "week"), ("per quarter", "quarter"),
     ("month by month", "month"), ("each year", "year"), ("annual", "year")],
)  # fmt: skip
def test_a_span_is_read(text: str, grain: str) -> None:
    board = Board(text, split(text))

    mark_times(board, TODAY)

    assert [mark.value for mark in board.marks("grain")] == [grain]


def test_shifting_keeps_within_the_month_and_the_calendar() -> None:
    assert shift(dt.date(2024, 2, 29), "year", 1) == dt.date(2025, 2, 28)
    assert shift(dt.date(2026, 1, 31), "month", 1) == dt.date(2026, 2, 28)
    assert shift(dt.date(2026, 1, 1), "year", -9999) == dt.date.min
    assert shift(dt.date(2026, 1, 1), "week", 999_999_999) == dt.date.max
    assert start_of("week", dt.date(2026, 11, 22)) == dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("relative", "partial"),
    [("this_month", True), ("last_month", False), ("year_to_date", False), ("today", False),
     ("this_week", False), ("last_30_days", False), ("this_year", True)],
)  # fmt: skip
def test_a_period_that_goes_on_is_partial(relative: str, partial: bool) -> None:
    assert is_partial(Period(relative=relative), TODAY) is partial


def test_the_period_before_has_the_same_length() -> None:
    quarter = previous(Period(relative="this_quarter"), TODAY)
    thirty = previous(Period(relative="last_30_days"), TODAY)

    assert in_words(quarter, TODAY) == "1 Jul 2026 to 30 Sep 2026"
    assert in_words(thirty, TODAY) == "24 Sep 2026 to 23 Oct 2026"
    with pytest.raises(ValueError, match="both ends"):
        previous(Period(ranges=(DateRange(start=TODAY),)), TODAY)


@pytest.mark.parametrize(
    ("relative", "name"),
    [("this_month", "Nov 2026"), ("last_quarter", "Q3 2026"), ("last_year", "2025"),
     ("yesterday", "21 Nov 2026"), ("last_week", "9 Nov 2026 to 15 Nov 2026")],
)  # fmt: skip
def test_whole_periods_have_short_names(relative: str, name: str) -> None:
    assert name_of(Period(relative=relative), TODAY) == name
