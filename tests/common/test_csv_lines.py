"""CSV that people open in a spreadsheet: nothing in it is run, and nothing is lost."""

import csv
import io

import pytest

from atlas.common.csv_lines import csv_lines


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Chai", "Chai"),
        ("", ""),
        (None, ""),
        (12, "12"),
        (-1.5, "-1.5"),
        ("-12.50", "-12.50"),
        ("+1e3", "+1e3"),
        ("=1+1", "'=1+1"),
        ("-1+cmd", "'-1+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+inf", "'+inf"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ('say "hi", twice', 'say "hi", twice'),
        ("two\nlines", "two\nlines"),
        ("Größe €", "Größe €"),
        (["=1", "é", None], '["=1", "é", null]'),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_a_cell_is_read_back_as_it_is_meant(value, cell):
    (line,) = csv_lines([["first", value]])

    assert line.endswith("\r\n")
    assert list(csv.reader(io.StringIO(line, newline=""))) == [["first", cell]]


def test_rows_are_written_when_they_are_asked_for():
    def rows():
        yield ["a"]
        raise AssertionError("too early")

    assert next(csv_lines(rows())) == "a\r\n"
