"""Rows as CSV lines that no spreadsheet runs; the only place that writes CSV for people."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

# A spreadsheet runs a text that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file for the csv module that keeps only the line written last."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give each row as a line of its own, by RFC 4180, as soon as it is asked for.

    A text that a spreadsheet would run begins with an apostrophe; numbers stay numbers, also
    those that are kept as text, None is an empty cell, and lists and mappings are JSON.
    """
    writer = csv.writer(_Line(), lineterminator="\r\n")
    for row in rows:
        # The writer hands back what its file gave it: the line.
        yield str(writer.writerow([_harmless(value) for value in row]))


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS) and not _is_number(value):
        return f"'{value}"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
