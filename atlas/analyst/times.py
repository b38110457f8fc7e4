"""Words about time: periods and spans, laid on the board as marks."""

import datetime as dt
import re
from collections.abc import Callable

from atlas.analyst.marks import Board, Mark
from atlas.analyst.vocabulary import (
    ADVERBS,
    CHANGES,
    EARLIER,
    MONTHS,
    ORDINALS,
    TREND,
    UNITS,
    WEEKDAYS,
)
from atlas.analyst.words import number
from atlas.semantic.periods import days, resolve, shift, start_of
from atlas.semantic.query import DateRange, Period

Found = tuple[int, Period]
_LAST = ("last", "past", "previous", "prior", "preceding", "recent")
_THIS = ("this", "current")
_QUARTER = re.compile(r"q([1-4])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TO_DATE = {"ytd": "year_to_date", "mtd": "month_to_date", "qtd": "quarter_to_date"}


def mark_times(board: Board, today: dt.date) -> None:
    """Lays a mark "time" on each period and "grain" on each span to lay figures out by."""
    for phrase, unit in EARLIER.items():
        for place in range(len(board.words)):
            if length := board.matches(place, phrase.split()):
                board.put(Mark("earlier", place, place + length, unit))
    _mark_between(board, today)
    index = 0
    while index < len(board.words):
        if board.at(index) is None:
            found = _bounded(board, index, today) or atom(board, index, today)
            if found is not None:
                length, period = found
                if board.put(Mark("time", index, index + length, period)):
                    index += length
                    continue
        index += 1
    _mark_grains(board)


def _mark_between(board: Board, today: dt.date) -> None:
    """Lays "between" where it joins two periods that are compared."""
    for index in range(len(board.words) if _asks_for_change(board) else 0):
        if board.text(index) == "between" and _skipping_the(board, index + 1, today):
            board.put(Mark("between", index, index + 1))


def _mark_grains(board: Board) -> None:
    for index, word in enumerate(board.words):
        for phrase in TREND:
            length = board.matches(index, phrase.split())
            if length:
                board.put(Mark("trend", index, index + length))
        grain = ADVERBS.get(word.text) or UNITS.get(word.lemma)
        if grain is None or board.at(index) is not None:
            continue
        again = board.text(index + 1) == "by" and board.lemma(index + 2) == word.lemma
        board.put(Mark("grain", index, index + (3 if again else 1), grain))


def _bounded(board: Board, index: int, today: dt.date) -> Found | None:
    """Periods with a word of direction: since, before, between ... and, from ... to."""
    word = board.text(index)
    if word in ("from", "between") and not _asks_for_change(board):
        joints = ("to", "until", "till", "through") if word == "from" else ("and",)
        found = _two_ends(board, index, joints, today)
        if found is not None:
            return found
    builders: dict[str, Callable[[DateRange], DateRange]] = {
        "since": lambda span: DateRange(start=span.start),
        "after": lambda span: DateRange(start=span.before),
        "before": lambda span: DateRange(before=span.start),
        "until": lambda span: DateRange(before=span.before),
        "till": lambda span: DateRange(before=span.before),
        "through": lambda span: DateRange(before=span.before),
        "from": lambda span: DateRange(start=span.start),
    }
    if word not in builders:
        return None
    inner = _skipping_the(board, index + 1, today)
    if inner is None or (word == "from" and not _onward(board, index + inner[0] + 1)):
        return None
    length, period = inner
    extra = 1 if word == "from" else 0
    span = resolve(period, today)[0]
    return 1 + length + extra, Period(ranges=(builders[word](span),))


def _asks_for_change(board: Board) -> bool:
    """ "How did revenue change from 2024 to 2025" names two periods and no span between them."""
    words = {word.text for word in board.words}
    spans = ADVERBS.keys() | UNITS.keys() | {f"{unit}s" for unit in UNITS}
    moved = any(mark.value is None for mark in board.marks("growth"))
    return (moved or bool(words & CHANGES)) and not words & spans


def _onward(board: Board, index: int) -> bool:
    return board.text(index) in ("on", "onward", "onwards")


def _two_ends(board: Board, index: int, joints: tuple[str, ...], today: dt.date) -> Found | None:
    first = _skipping_the(board, index + 1, today)
    if first is None or board.text(index + 1 + first[0]) not in joints:
        return None
    second = _skipping_the(board, index + 2 + first[0], today)
    if second is None:
        return None
    start = resolve(first[1], today)[0].start
    before = resolve(second[1], today)[-1].before
    if start is None or before is None or start >= before:
        return None
    length = 2 + first[0] + second[0]
    return length, Period(ranges=(DateRange(start=start, before=before),))


def _skipping_the(board: Board, index: int, today: dt.date) -> Found | None:
    skip = 1 if board.text(index) in ("the", "in") else 0
    found = atom(board, index + skip, today)
    return found and (found[0] + skip, found[1])


def atom(board: Board, index: int, today: dt.date) -> Found | None:
    """One period that starts at a word, with its length in words."""
    for read in (_named, _relative, _counted, _weekday, _of_month, _iso, _of_quarter, _year):
        found = read(board, index, today)
        if found is not None and board.free(index, index + found[0]):
            return found
    return None


def _named(board: Board, index: int, today: dt.date) -> Found | None:
    word = board.text(index)
    if word in ("today", "yesterday"):
        return 1, Period(relative=word)
    if word in _TO_DATE:
        return 1, Period(relative=_TO_DATE[word])
    for unit in ("year", "quarter", "month"):
        for phrase in (f"{unit} to date", f"so far this {unit}", f"this {unit} so far"):
            if length := board.matches(index, phrase.split()):
                return length, Period(relative=f"{unit}_to_date")
    return None


def _relative(board: Board, index: int, today: dt.date) -> Found | None:
    word, unit = board.text(index), UNITS.get(board.text(index + 1))
    if unit is None or word not in (*_LAST, *_THIS):
        return None
    which = "this" if word in _THIS else "last"
    if unit == "day":
        return 2, Period(relative="today" if which == "this" else "yesterday")
    return 2, Period(relative=f"{which}_{unit}")


def _counted(board: Board, index: int, today: dt.date) -> Found | None:
    """ "last 6 months", "past two weeks", "the last 30 days"."""
    if board.text(index) not in _LAST:
        return None
    size = number(board.text(index + 1))
    unit = UNITS.get(board.lemma(index + 2))
    if size is None or unit is None or not 1 <= size <= 9999 or size != int(size):
        return None
    return 3, Period(relative=f"last_{int(size)}_{unit}s")


def _weekday(board: Board, index: int, today: dt.date) -> Found | None:
    """ "on Monday" is the latest one, "last Monday" the latest before today."""
    word, name = board.text(index), board.text(index + 1)
    if word not in ("on", *_LAST) or name not in WEEKDAYS:
        return None
    back = (today.weekday() - WEEKDAYS.index(name)) % 7
    if back == 0 and word != "on":
        back = 7
    return 2, Period(ranges=(days(today - dt.timedelta(days=back), 1),))


def _of_month(board: Board, index: int, today: dt.date) -> Found | None:
    """ "March 2026", "3 March 2026", "March 3, 2026"; without a year the latest one begun."""
    month = MONTHS.get(board.text(index))
    if month is None:
        return _day_first(board, index, today)
    if board.text(index) in ("may", "march", "mar") and not _dated(board, index):
        return None
    day = _day_number(board.text(index + 1))
    after = index + (2 if day else 1)
    comma = 1 if day and board.text(after) == "," and _year_at(board, after + 1) else 0
    year = _year_at(board, after + comma)
    length = after + comma - index + (1 if year else 0)
    return _month_or_day(year, month, day, today, length)


def _dated(board: Board, index: int) -> bool:
    """Whether a month's name that is also another word is used as a month."""
    before, after = board.text(index - 1), board.text(index + 1)
    said = before in ("in", "during", "of", "since", "for", "before", "after", "from", "to", "and")
    return said or _YEAR.fullmatch(after) is not None or _day_number(after) is not None


def _day_first(board: Board, index: int, today: dt.date) -> Found | None:
    day, month = _day_number(board.text(index)), MONTHS.get(board.text(index + 1))
    if day is None or month is None:
        return None
    year = _year_at(board, index + 2)
    return _month_or_day(year, month, day, today, 3 if year else 2)


def _month_or_day(
    year: int | None, month: int, day: int | None, today: dt.date, length: int
) -> Found | None:
    try:
        start = dt.date(year or today.year, month, day or 1)
    except ValueError:
        return None
    if year is None and start > today:
        start = shift(start, "year", -1)
    span = days(start, 1) if day else DateRange(start=start, before=shift(start, "month", 1))
    return length, Period(ranges=(span,))


def _day_number(text: str) -> int | None:
    match = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", text)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _year_at(board: Board, index: int) -> int | None:
    text = board.text(index)
    return int(text) if _YEAR.fullmatch(text) else None


def _iso(board: Board, index: int, today: dt.date) -> Found | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", board.text(index)):
        return None
    try:
        return 1, Period(ranges=(days(dt.date.fromisoformat(board.text(index)), 1),))
    except (ValueError, OverflowError):
        return None


def _of_quarter(board: Board, index: int, today: dt.date) -> Found | None:
    """ "Q1 2026", "2026 Q1", "Q1", "first quarter of 2026"."""
    year = _year_at(board, index)
    quarter = _QUARTER.fullmatch(board.text(index + 1 if year else index))
    if quarter is not None:
        length = 2 if year else 1
        after = None if year else _year_after(board, index + 1)
        length += after[0] if after else 0
        return length, _quarter(int(quarter[1]), year or (after and after[1]), today)
    which = ORDINALS.get(board.text(index))
    if which is None or board.text(index + 1) != "quarter" or which > 4:
        return None
    after = _year_after(board, index + 2)
    return 2 + (after[0] if after else 0), _quarter(which, after and after[1], today)


def _year_after(board: Board, index: int) -> tuple[int, int] | None:
    skip = 1 if board.text(index) in ("of", "in", ",") else 0
    year = _year_at(board, index + skip)
    return (skip + 1, year) if year else None


def _quarter(which: int, year: int | None, today: dt.date) -> Period:
    start = dt.date(year or today.year, which * 3 - 2, 1)
    if year is None and start > today:
        start = shift(start, "year", -1)
    return Period(ranges=(DateRange(start=start, before=shift(start, "quarter", 1)),))


def _year(board: Board, index: int, today: dt.date) -> Found | None:
    year = _year_at(board, index)
    if year is None:
        return None
    start = start_of("year", dt.date(year, 1, 1))
    return 1, Period(ranges=(DateRange(start=start, before=shift(start, "year", 1)),))
