"""A workbook as a real reader finds it."""

import datetime as dt
import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from atlas.chat import workbook
from atlas.chat.workbook import Book

NAME = {"name": "name", "label": "Name", "format": None}
MONEY = {"name": "revenue", "label": "Revenue", "format": "money"}


def written(rows, columns=(NAME,), first=None):
    """The file that comes of some rows."""
    file = io.BytesIO()
    book = Book(file, columns, rows if first is None else first)
    for row in rows:
        book.add(row)
    book.close()
    file.seek(0)
    return file


def read(rows, columns=(NAME,), **options):
    return openpyxl.load_workbook(written(rows, columns, **options))


def cell_of(value, column=NAME):
    return read([[value]], [column]).active["A2"]


@pytest.mark.parametrize(
    ("value", "kept", "kind"),
    [
        ("Chai", "Chai", "s"),
        ("=1+1", "=1+1", "s"),
        ("=HYPERLINK(\"http://x\")", "=HYPERLINK(\"http://x\")", "s"),
        ("{=1}", "{=1}", "s"),
        ("+1", "+1", "s"),
        ("@SUM(A1)", "@SUM(A1)", "s"),
        ("http://example.org", "http://example.org", "s"),
        ("mailto:a@b", "mailto:a@b", "s"),
        ("00123", "00123", "s"),
        ("  kept  ", "  kept  ", "s"),
        ("two\nlines", "two\nlines", "s"),
        ("<b>&amp;</b>", "<b>&amp;</b>", "s"),
        ("]]>", "]]>", "s"),
        # The writer's own form of a text in several styles.
        ("<r><t>x</t></r>", "<r><t>x</t></r>", "s"),
        ("<r></r>", "<r></r>", "s"),
        ("<r>", "<r>", "s"),
        ("</t></is></c><c><f>1+1</f></c>", "</t></is></c><c><f>1+1</f></c>", "s"),
        ("a\x00\x07\x1b\x0bb", "a\ufffd\ufffd\ufffd\ufffdb", "s"),
        ("\ud800 \uffff", "\ufffd \ufffd", "s"),
        ("\U0001f9ff", "\U0001f9ff", "s"),
        (7, 7, "n"),
        (True, True, "b"),
        (0.1, 0.1, "n"),
        (None, None, "n"),
        ("2026-05-07", dt.datetime(2026, 5, 7), "d"),
        ("2026-05-07T10:20:30", dt.datetime(2026, 5, 7, 10, 20, 30), "d"),
        ("12026-05-07", "12026-05-07", "s"),
        ("AQID", "AQID", "s"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_was(value, kept, kind):
    cell = cell_of(value)
    assert (cell.value, cell.data_type) == (kept, kind)
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", ["_x0041_", "_x000D_", "a_x0041_b_x0042_"])
def test_a_text_that_looks_escaped_is_not_turned_into_something_else(text):
    with zipfile.ZipFile(written([[text]])) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    # Excel reads _x005F_ as the underscore itself.
    assert text.replace("_x", "_x005F_x") in sheet


@pytest.mark.parametrize(
    ("value", "kept", "shown"),
    [
        ("1234.50", 1234.5, "#,##0.00"),
        ("-3.50", -3.5, "#,##0.00"),
        ("NaN", "NaN", "General"),
        ("Infinity", "Infinity", "General"),
        ("12345678901234567890.12", "12345678901234567890.12", "General"),
    ],
)
def test_amounts_are_numbers_where_that_is_exact(value, kept, shown):
    cell = cell_of(value, MONEY)
    assert (cell.value, cell.number_format) == (kept, shown)


def test_headings_are_those_of_the_page_and_stay_in_view():
    sheet = read([["Chai", "1.50"]], [NAME, MONEY]).active
    assert [cell.value for cell in sheet[1]] == ["Name", "Revenue"]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.title == "Result"


def test_a_heading_is_never_a_formula():
    cell = read([], [{**NAME, "label": "=1+1"}]).active["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_moments_with_an_offset_are_in_utc_and_the_heading_says_so():
    when = {"name": "at", "label": "At", "format": None}
    sheet = read([[None], ["2026-05-07T10:00:00+02:00"]], [when]).active
    assert sheet["A1"].value == "At (UTC)"
    assert sheet["A3"].value == dt.datetime(2026, 5, 7, 8)


def test_a_moment_with_an_offset_that_comes_late_stays_text():
    when = {"name": "at", "label": "At", "format": None}
    sheet = read([["2026-05-07T10:00:00+02:00"]], [when], first=[[None]]).active
    assert (sheet["A1"].value, sheet["A2"].value) == ("At", "2026-05-07T10:00:00+02:00")


def test_rows_beyond_a_sheet_go_on_in_the_next_and_a_note_says_so(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)

    book = read([[n] for n in range(7)])

    assert book.sheetnames == ["Result", "Result 2", "Result 3", "Notes"]
    values = [[row[0].value for row in book[name]] for name in book.sheetnames[:3]]
    assert values == [["Name", 0, 1, 2], ["Name", 3, 4, 5], ["Name", 6]]
    assert "go on in the next one" in book["Notes"]["A1"].value


def test_a_full_sheet_needs_no_second(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    assert read([[n] for n in range(3)]).sheetnames == ["Result"]


def test_the_limits_are_those_of_the_format():
    assert (workbook.MOST_ROWS, workbook.MOST_COLUMNS) == (2**20, 2**14)


def test_columns_beyond_a_sheet_are_left_out_and_a_note_says_so(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 1)
    book = read([["Chai", "1.50"]], [NAME, MONEY])
    assert [cell.value for cell in book["Result"][2]] == ["Chai"]
    assert "the others are left out" in book["Notes"]["A1"].value


@pytest.mark.parametrize(("letter", "units"), [("a", 1), ("\U0001f9ff", 2)])
def test_a_text_beyond_a_cell_is_cut_off_and_a_note_says_so(letter, units):
    fits = letter * (32_767 // units)
    assert read([[fits]]).sheetnames == ["Result"]
    book = read([[fits + letter * 2], [fits + letter * 3]])
    assert book["Result"]["A2"].value == fits
    assert [row[0].value for row in book["Notes"]] == [
        "A cell holds 32,767 characters; longer texts are cut off there."
    ]


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(count):
        with (tmp_path / "book.xlsx").open("wb") as file:
            book = Book(file, (NAME, MONEY), [])
            tracemalloc.start()
            for n in range(count):
                book.add([f"a name of its own {n}", f"{n}.50"])
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            book.close()
        return found

    assert peak(12_000) < 2 * peak(2_000)
