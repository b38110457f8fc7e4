"""Rows as CSV lines that no spreadsheet runs; the only place that writes CSV for people."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

# A spreadsheet runs a text that begins like this as a formula.
_FORMULA_STARTS = frozenset("=+-@\t\r\n")
# From here on Python writes a float with an exponent, and PostgreSQL with all its digits.
_LONG_FLOAT = 1e16


class _Line:
    """A file for the csv module that keeps only the line written last."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give each row as a line of its own, by RFC 4180, as soon as it is asked for.

    A text that a spreadsheet would run begins with an apostrophe; numbers stay numbers, also
    those that are kept as text, None is an empty cell, and lists and mappings are JSON, with
    their keys in order. JSON-safe values give the same line before and after jsonb kept them.
    """
    writer = csv.writer(_Line(), lineterminator="\r\n")
    for row in rows:
        # The writer hands back what its file gave it: the line.
        yield writer.writerow(
            [
                # Most cells are told apart here, since a result may have millions.
                value
                if value is None
                or type(value) is int
                or (type(value) is str and value[:1] not in _FORMULA_STARTS)
                else _cell(value)
                for value in row
            ]
        )


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        is_harmless = value[:1] not in _FORMULA_STARTS or _is_number(value)
        return value if is_harmless else f"'{value}"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list | dict):
        return json.dumps(_within(value), ensure_ascii=False, sort_keys=True)
    return value


def _float(value: float) -> float | int:
    """The number as jsonb gives it back: no minus before zero, and digits up to the last."""
    if value == 0:
        return 0.0
    is_long = _LONG_FLOAT <= abs(value) < float("inf")
    return int(Decimal(repr(value))) if is_long else value


def _within(value: Any) -> Any:
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list):
        return [_within(one) for one in value]
    if isinstance(value, dict):
        return {key: _within(one) for key, one in value.items()}
    return value


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
