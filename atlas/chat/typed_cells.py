"""JSON-safe cells of a result as the values that a spreadsheet keeps without changing them."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Typed = None | bool | int | float | dt.datetime | dt.date | str

# A spreadsheet keeps that many digits; more are kept as text.
MOST_DIGITS = 15
# Before it counts a 29 February 1900 that never was; after it there are no dates.
FIRST_DAY, LAST_DAY = dt.date(1900, 3, 1), dt.date(9999, 12, 31)
NUMBERS = frozenset({"money", "integer", "number", "percent", "days"})

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
# What XML cannot hold; of lone surrogates and NUL nothing is left in a stored result anyway.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def typed(value: Any, column: Mapping[str, Any]) -> Typed:
    """A number, a day, a moment, yes or no, nothing, or text where none of them is exact.

    A moment with an offset stays one; whoever writes it says in which zone.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if len(str(abs(value))) <= MOST_DIGITS else str(value)
    if not isinstance(value, str):
        return _clean(json.dumps(value, ensure_ascii=False))
    if column.get("format") in NUMBERS:
        return _number(value)
    return _moment(value)


def _number(text: str) -> Typed:
    """A decimal that is kept as text; NaN, infinity and long ones stay text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _clean(text)
    if not number.is_finite():
        return text
    # In this order: a number with an exponent of a billion cannot even be made shorter.
    if not -300 <= number.adjusted() <= 300:
        return text
    if len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _moment(text: str) -> Typed:
    found: dt.datetime | dt.date | None = None
    try:
        if _DAY.fullmatch(text):
            found = dt.date.fromisoformat(text)
        elif _MOMENT.fullmatch(text):
            found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= _day_of(found) <= LAST_DAY:
        return _clean(text)
    return found


def _day_of(moment: dt.datetime | dt.date) -> dt.date:
    if not isinstance(moment, dt.datetime):
        return moment
    try:
        return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()
    except OverflowError:
        return dt.date.min


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
