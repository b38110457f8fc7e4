"""Values as people read them: thousands separators, units, and nothing that Markdown eats."""

import datetime as dt
import re
from decimal import Decimal

from atlas.common.jsonable import number_in
from atlas.semantic.compiled import OutputColumn
from atlas.semantic.periods import MONTH_NAMES, day_in_words
from atlas.semantic.query import Grain

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
# Results are kept as JSON, so days come back as text.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def escaped(text: str) -> str:
    """Text from data that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def shown(value: object, column: OutputColumn, currency: str) -> str:
    """A cell in the format of its column."""
    if value is None:
        return "unknown"
    number = number_in(value) if column.format not in (None, "plain") else None
    if number is None:
        return _plain(value)
    if column.format == "money":
        return money(number, currency)
    if column.format == "percent":
        return f"{number * 100:,.1f}%"
    if column.format == "integer":
        return f"{number:,.0f}"
    if column.format == "days":
        return f"{number:,.1f} days"
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return day_in_words(value.date())
    if isinstance(value, dt.date):
        return day_in_words(value)
    text = str(value)
    day = as_day(text) if _DAY.fullmatch(text) else None
    if day is not None:
        return day_in_words(day)
    return escaped(text) or "(empty)"


def money(number: Decimal, currency: str) -> str:
    """An amount with its currency: "$1,234.50", "-CHF 5.00"."""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if number < 0 else ''}{symbol}{abs(number):,.2f}"


def span_of(value: object, grain: Grain | None) -> str:
    """A span of time by its first day: "Mar 2026", "Q2 2026", "2026"."""
    day = as_day(value)
    if day is None:
        return "unknown"
    if grain == "year":
        return str(day.year)
    if grain == "quarter":
        return f"Q{(day.month + 2) // 3} {day.year}"
    if grain == "month":
        return f"{MONTH_NAMES[day.month - 1]} {day.year}"
    return f"the week of {day_in_words(day)}" if grain == "week" else day_in_words(day)


def as_day(value: object) -> dt.date | None:
    """The day in a cell, also when it came as ISO text."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
