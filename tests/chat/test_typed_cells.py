"""What a cell is in a spreadsheet: typed where that is exact, and text otherwise."""

import datetime as dt

import pytest

from atlas.chat.typed_cells import typed

NAME = {"name": "name", "format": None}
NUMBER = {"name": "n", "format": "number"}
DAY = dt.date(2026, 5, 7)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (-0.5, -0.5),
        (999_999_999_999_999, 999_999_999_999_999),
        # One digit more than a spreadsheet keeps.
        (1_000_000_000_000_001, "1000000000000001"),
        (-9_007_199_254_740_991, "-9007199254740991"),
        ("", ""),
        ("Chai", "Chai"),
        # What names something is no number.
        ("00123", "00123"),
        ("12.50", "12.50"),
        ("=1+1", "=1+1"),
        ("2026-05-07", DAY),
        ("2026-05-07T10:20:30", dt.datetime(2026, 5, 7, 10, 20, 30)),
        ("2026-05-07 10:20:30.125", dt.datetime(2026, 5, 7, 10, 20, 30, 125_000)),
        ("2026-05-07T10:20:30+02:00", dt.datetime.fromisoformat("2026-05-07T10:20:30+02:00")),
        ("2026-02-30", "2026-02-30"),
        ("2026-05-07x", "2026-05-07x"),
        ("1900-02-28", "1900-02-28"),
        ("1900-03-01", dt.date(1900, 3, 1)),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", dt.date(9999, 12, 31)),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59-05:00"),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00+05:00"),
        ("10000-01-01", "10000-01-01"),
        ("294276-12-31T00:00:00", "294276-12-31T00:00:00"),
        ("infinity", "infinity"),
        ("10:20:30", "10:20:30"),
        ("a\x00b\x1b[0m\ud800\ufffe", "a\ufffdb\ufffd[0m\ufffd\ufffd"),
        ("tab\tline\nend", "tab\tline\nend"),
        (["a", 1, None], '["a", 1, null]'),
        ({"k": "é\x00"}, '{"k": "é\\u0000"}'),
    ],
)
def test_cells_of_any_column(value, kept):
    found = typed(value, NAME)
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("12.50", 12.5),
        ("12", 12),
        ("-3.50", -3.5),
        ("0.1", 0.1),
        ("123456789012.345", 123456789012.345),
        # Sixteen digits.
        ("1234567890123.456", "1234567890123.456"),
        ("100000000000000000000", 100000000000000000000),
        ("1e400", "1e400"),
        ("1e-400", "1e-400"),
        ("1e999999999", "1e999999999"),
        ("-1e-999999999", "-1e-999999999"),
        ("NaN", "NaN"),
        ("nan", "nan"),
        ("Infinity", "Infinity"),
        ("-inf", "-inf"),
        ("n/a", "n/a"),
        ("2026-05-07", "2026-05-07"),
        ("", ""),
    ],
)
def test_cells_of_a_column_of_numbers(value, kept):
    found = typed(value, NUMBER)
    assert (found, type(found)) == (kept, type(kept))
