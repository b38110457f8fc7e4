"""Values of results as people read them, in the reader's language; one function per column."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from atlas.common.jsonable import number_in

NOTHING = "\u2013"

Show = Callable[[Any], str]

# Precise enough for any number that PostgreSQL gives as text within an event.
_WIDE = Context(prec=2000)


def show_for(column: Mapping[str, Any], values: Sequence[Any]) -> Show:
    """How to show the values of a column; a value that does not fit is shown as it is."""
    if column.get("role") == "time":
        return _span(str(column.get("name")))
    if _is_name(column):
        return _plain
    known = _FORMATS.get(str(column.get("format")))
    if known is None and is_number_column(column, values):
        known = _plain_number
    return _guarded(known) if known else _plain


def is_number_column(column: Mapping[str, Any], values: Sequence[Any]) -> bool:
    """Whether a column is to be aligned as numbers."""
    if column.get("role") == "time" or _is_name(column):
        return False
    if column.get("format"):
        return True
    found = [value for value in values if value is not None]
    return bool(found) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in found
    )


def _is_name(column: Mapping[str, Any]) -> bool:
    """Whether numbers name things here: order 10248 and the year 2026 are not amounts."""
    if column.get("format") == "plain":
        return True
    name = str(column.get("name", "")).lower()
    return column.get("format") in {None, "integer"} and (
        name in {"id", "year"} or name.endswith(("_id", "_year"))
    )


def _guarded(show: Callable[[Decimal], str]) -> Show:
    def shown(value: Any) -> str:
        number = number_in(value)
        try:
            return _plain(value) if number is None else show(number)
        except ArithmeticError:
            # More digits than are ever reckoned with.
            return _plain(value)

    return shown


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _moment(value) or value
    return str(value)


def _moment(text: str) -> str:
    """An ISO day or time in the reader's form; empty for any other text."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or not text[:4].isdigit():
        return ""
    try:
        if len(text) == 10:
            return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
        moment = parse_datetime(text)
    except ValueError:
        return ""
    if moment is None:
        return ""
    is_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return date_format(moment, "DATE_FORMAT" if is_day else "DATETIME_FORMAT")


def _span(grain: str) -> Show:
    def shown(value: Any) -> str:
        try:
            day = dt.date.fromisoformat(str(value)[:10])
        except ValueError:
            return _plain(value)
        if grain == "year":
            return str(day.year)
        if grain == "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        return date_format(day, "M Y" if grain == "month" else "DATE_FORMAT")

    return shown


def _grouped(number: Decimal, places: int) -> str:
    # Rounded here, since number_format cuts digits off.
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), context=_WIDE)
    text = number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"−{text}" if number < 0 else text  # noqa: RUF001 - a real minus is as wide as a digit


def _money(number: Decimal) -> str:
    return _grouped(number, 2)


def _integer(number: Decimal) -> str:
    return _grouped(number.to_integral_value(), 0)


def _plain_number(number: Decimal) -> str:
    places = -int(number.normalize().as_tuple().exponent)
    return _grouped(number, min(max(places, 0), 2))


def _percent(number: Decimal) -> str:
    return f"{_grouped(number * 100, 1)} %"


def _days(number: Decimal) -> str:
    return _("%(number)s d") % {"number": _grouped(number, 1)}


_FORMATS: dict[str, Callable[[Decimal], str]] = {
    "money": _money,
    "integer": _integer,
    "number": _plain_number,
    "percent": _percent,
    "days": _days,
}
