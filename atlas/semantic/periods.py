"""Periods resolved to days: what "last quarter" means on a given day."""

import datetime as dt
import re

from atlas.semantic.query import DateRange, Grain, Period

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_COUNTED = re.compile(r"last_(\d+)_(day|week|month|quarter|year)s")


def resolve(period: Period, today: dt.date) -> tuple[DateRange, ...]:
    """The day ranges of a period; `today` is the last day the data can reach.

    "last_3_months" are the three whole months before this one; "last_30_days" end today.
    """
    if period.relative is None:
        return period.ranges
    return (_relative(period.relative, today),)


def _relative(name: str, today: dt.date) -> DateRange:
    if name in ("today", "yesterday"):
        return days(today if name == "today" else today - dt.timedelta(days=1), 1)
    if name.endswith("_to_date"):
        unit = name.removesuffix("_to_date")
        return DateRange(start=start_of(unit, today), before=today + dt.timedelta(days=1))
    counted = _COUNTED.fullmatch(name)
    if counted is None:
        which, _, unit = name.partition("_")
        start = shift(start_of(unit, today), unit, 0 if which == "this" else -1)
        return DateRange(start=start, before=shift(start, unit, 1))
    count, unit = int(counted[1]), counted[2]
    if unit == "day":
        return days(today - dt.timedelta(days=count - 1), count)
    current = start_of(unit, today)
    return DateRange(start=shift(current, unit, -count), before=current)


def days(start: dt.date, count: int) -> DateRange:
    """`count` days from `start` on."""
    return DateRange(start=start, before=start + dt.timedelta(days=count))


def start_of(unit: str, day: dt.date) -> dt.date:
    """The first day of the day, week (from Monday), month, quarter or year that holds `day`."""
    if unit == "day":
        return day
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return dt.date(day.year, month, 1)


def shift(day: dt.date, unit: str, count: int) -> dt.date:
    """`day` moved by whole units; a month's end stays within the month.

    Moves that leave the calendar stop at its first or last day.
    """
    try:
        if unit in ("day", "week"):
            return day + dt.timedelta(days=count * (7 if unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + count * MONTHS_IN[unit]
        year, month = divmod(months, 12)
        return dt.date(year, month + 1, min(day.day, _length(year, month + 1)))
    except (ValueError, OverflowError):
        return dt.date.min if count < 0 else dt.date.max


def _length(year: int, month: int) -> int:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).day


def shifted(span: DateRange, unit: Grain, count: int) -> DateRange:
    """A range moved by whole units; open sides stay open."""
    return DateRange(
        start=span.start and shift(span.start, unit, count),
        before=span.before and shift(span.before, unit, count),
    )


def previous(period: Period, today: dt.date) -> Period:
    """The period of the same length just before this one, as fixed days."""
    ranges = resolve(period, today)
    if len(ranges) != 1 or ranges[0].start is None or ranges[0].before is None:
        raise ValueError("only a period with both ends has one before it")
    start, before = ranges[0].start, ranges[0].before
    for unit in ("year", "quarter", "month"):
        if start == start_of(unit, start) and before == shift(start, unit, 1):
            earlier = shift(start, unit, -1)
            return Period(
                ranges=(DateRange(start=earlier, before=start),), dimension=period.dimension
            )
    length = before - start
    return Period(
        ranges=(DateRange(start=start - length, before=start),), dimension=period.dimension
    )


def is_partial(period: Period, today: dt.date) -> bool:
    """Whether the period goes on after `today`, so that its figures can still grow."""
    cut = today + dt.timedelta(days=1)
    named = period.relative is not None and period.relative.endswith("_to_date")
    return not named and any(
        (r.start is None or r.start <= today) and r.before is not None and r.before > cut
        for r in resolve(period, today)
    )


def in_words(period: Period, today: dt.date) -> str:
    """The resolved days in words: "1 Jul 2026 to 30 Sep 2026", "since 1 Jul 2026"."""
    return " and ".join(range_in_words(span) for span in resolve(period, today))


def range_in_words(span: DateRange) -> str:
    """One range in words, both days included."""
    if span.before is None:
        return f"since {day_in_words(span.start)}" if span.start else "all time"
    if span.start is None:
        return f"before {day_in_words(span.before)}"
    last = span.before - dt.timedelta(days=1)
    if last == span.start:
        return day_in_words(last)
    return f"{day_in_words(span.start)} to {day_in_words(last)}"


def name_of(period: Period, today: dt.date) -> str:
    """The short name of a whole month, quarter or year, otherwise the days in words."""
    ranges = resolve(period, today)
    if len(ranges) != 1 or ranges[0].start is None:
        return in_words(period, today)
    start, before = ranges[0].start, ranges[0].before
    for unit in ("year", "quarter", "month"):
        if start == start_of(unit, start) and before == shift(start, unit, 1):
            names = {"year": f"{start.year}", "quarter": f"Q{start.month // 3 + 1} {start.year}"}
            return names.get(unit, f"{MONTH_NAMES[start.month - 1]} {start.year}")
    return in_words(period, today)


def day_in_words(day: dt.date) -> str:
    """A day as "3 Jul 2026", the same in every locale."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
