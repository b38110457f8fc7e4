"""Rows as an Excel workbook, written one after another: memory does not grow with them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.translation import gettext as _

from atlas.chat.typed_cells import typed

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Limits of the format: rows of a sheet with its headings, columns, and characters of a cell.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
# No text is read as a formula, an address or a number.
SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS = {
    "money": "#,##0.00",
    "integer": "#,##0",
    "percent": "0.0%",
    "days": "0.0",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}


class Book:
    """One workbook; `add` takes rows in order, `close` writes the file.

    `first` are the first rows, by which the headings are made; `folder` holds what is written
    meanwhile.
    Rows beyond those of a sheet go on in the next one. What could not be kept as it is, is said
    on a sheet at the end.
    """

    def __init__(
        self,
        file: BinaryIO,
        columns: Sequence[Mapping[str, Any]],
        first: Sequence[Sequence[Any]],
        *,
        folder: Path | None = None,
    ) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - slow import; few need it

        self._book = Workbook(file, {**SETTINGS, "tmpdir": folder and str(folder)})
        self._book.use_zip64()
        self._formats = {
            name: self._book.add_format({"num_format": text}) for name, text in FORMATS.items()
        }
        self._bold = self._book.add_format({"bold": True})
        self._notes: dict[str, None] = {}
        self._all, self._columns = columns, columns[:MOST_COLUMNS]
        self._in_utc = {
            at
            for at, column in enumerate(self._columns)
            if any(_has_zone(typed(row[at], column)) for row in first if at < len(row))
        }
        self._sheets = 0
        self._sheet = self._next_sheet()

    def add(self, row: Sequence[Any]) -> None:
        """Write one row of JSON-safe cells."""
        if self._at == MOST_ROWS:
            self._sheet = self._next_sheet()
        for at, (column, value) in enumerate(zip(self._columns, row, strict=False)):
            self._write(at, column, typed(value, column))
        self._at += 1

    def note(self, text: str) -> None:
        """Say something at the end, once."""
        self._notes[text] = None

    def close(self) -> None:
        """Finish the file."""
        if self._sheets > 1:
            self.note(_("A sheet holds 1,048,576 lines, so the rows go on in the next one."))
        if len(self._all) > MOST_COLUMNS:
            self.note(_("A sheet holds 16,384 columns; the others are left out."))
        if self._notes:
            sheet = self._book.add_worksheet(_("Notes"))
            for at, text in enumerate(self._notes):
                sheet.write_string(at, 0, text)
        self._book.close()

    def _next_sheet(self) -> "Worksheet":
        self._sheets += 1
        name = _("Result")
        sheet = self._book.add_worksheet(name if self._sheets == 1 else f"{name} {self._sheets}")
        for at, column in enumerate(self._columns):
            label = f"{column['label']} (UTC)" if at in self._in_utc else str(column["label"])
            sheet.write_string(0, at, self._fitting(label), self._bold)
        sheet.freeze_panes(1, 0)
        self._at = 1
        return sheet

    def _write(self, at: int, column: Mapping[str, Any], value: Any) -> None:
        place = (self._at, at)
        if value is None:
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(*place, value)
        elif isinstance(value, int | float):
            self._sheet.write_number(*place, value, self._formats.get(column.get("format") or ""))
        elif isinstance(value, dt.datetime):
            self._write_moment(at, value)
        elif isinstance(value, dt.date):
            self._sheet.write_datetime(*place, value, self._formats["day"])
        else:
            self._write_text(at, self._fitting(str(value)))

    def _write_text(self, at: int, text: str) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # The writer would take it for XML of its own, unless it is given in parts.
            self._sheet.write_rich_string(self._at, at, text[:1], text[1:2], text[2:])
        else:
            self._sheet.write_string(self._at, at, text)

    def _write_moment(self, at: int, moment: dt.datetime) -> None:
        if moment.tzinfo is None:
            self._sheet.write_datetime(self._at, at, moment, self._formats["moment"])
        elif at in self._in_utc:
            plain = moment.astimezone(dt.UTC).replace(tzinfo=None)
            self._sheet.write_datetime(self._at, at, plain, self._formats["moment"])
        else:
            # The heading is written and does not say that it is in UTC.
            self._sheet.write_string(self._at, at, moment.isoformat())

    def _fitting(self, text: str) -> str:
        # Excel counts as UTF-16 does.
        if len(text) * 2 > MOST_CHARACTERS:
            units = text.encode("utf-16-le")
            if len(units) > 2 * MOST_CHARACTERS:
                text = units[: 2 * MOST_CHARACTERS].decode("utf-16-le", "ignore")
                self.note(_("A cell holds 32,767 characters; longer texts are cut off there."))
        return text


def _has_zone(value: Any) -> bool:
    return isinstance(value, dt.datetime) and value.tzinfo is not None
