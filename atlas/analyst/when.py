"""When: the period of a question, and the one it is compared with."""

import datetime as dt
from dataclasses import dataclass, field

from atlas.analyst.marks import Mark
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import Declined
from atlas.semantic.periods import previous, resolve, shifted
from atlas.semantic.query import Assumption, Grain, Period

_TO_DATE: dict[str, Grain] = {
    "year_to_date": "year",
    "quarter_to_date": "quarter",
    "month_to_date": "month",
}


@dataclass
class When:
    """The period asked for, and for a comparison the earlier one (None: the one before)."""

    period: Period | None = None
    earlier: Period | None = None
    compared: bool = False
    assumptions: list[Assumption] = field(default_factory=list)


def when_of(reader: Reader, today: dt.date) -> When:
    """The periods of a question."""
    roles = reader.roles
    marks = roles.times
    found = When()
    comparing = bool(roles.flags.keys() & {"compare", "earlier"})
    comparing = comparing or ("growth" in roles.flags and roles.grain is None)
    if len(marks) > 2 and comparing:
        raise Declined("Two periods can be compared at a time.")
    if len(marks) == 2 and comparing:
        found.period, found.earlier = _later_first(marks, today)
        found.earlier = _as_far(found.period, found.earlier, today)
        found.compared = True
        _tell_apart(reader, found, today)
    elif len(marks) > 1:
        ranges = tuple(span for mark in marks for span in resolve(mark.value, today))
        found.period = Period(ranges=ranges)
        found.assumptions.append(Assumption(key="periods", text="the periods taken together"))
    elif marks:
        found.period = marks[0].value
    _compare_with_earlier(reader, found, today)
    dimension = _time_dimension(reader)
    if dimension and found.period:
        found.period = found.period.model_copy(update={"dimension": dimension})
        if found.earlier:
            found.earlier = found.earlier.model_copy(update={"dimension": dimension})
    return found


def before(period: Period, unit: Grain | None, today: dt.date) -> Period | None:
    """The period one `unit` earlier, or the one just before; None unless it ends before this."""
    spans = resolve(period, today)
    if any(span.start is None or span.before is None for span in spans):
        return None
    if unit is None:
        return previous(period, today) if len(spans) == 1 else None
    ranges = tuple(shifted(span, unit, -1) for span in spans)
    ends = [(old.before, new.start) for old, new in zip(ranges, spans, strict=True)]
    is_before = all(end is not None and start is not None and end <= start for end, start in ends)
    return Period(ranges=ranges) if is_before else None


def _later_first(marks: list[Mark], today: dt.date) -> tuple[Period, Period]:
    first, second = marks[0].value, marks[1].value
    starts = [resolve(p, today)[0].start or dt.date.min for p in (first, second)]
    return (first, second) if starts[0] >= starts[1] else (second, first)


def _tell_apart(reader: Reader, found: When, today: dt.date) -> None:
    """ "last month vs the previous month": the one before it, for both are the same days."""
    if found.period is None or found.earlier is None:
        return
    if resolve(found.period, today) != resolve(found.earlier, today):
        return
    if not {"previous", "prior", "preceding"} & {word.text for word in reader.board.words}:
        raise Declined("Both periods are the same; name two that differ.")
    found.earlier = None


def _as_far(period: Period, earlier: Period, today: dt.date) -> Period:
    """ "year to date vs last year" compares equal parts of both years."""
    unit = _TO_DATE.get(period.relative or "")
    if unit is None or earlier.relative != f"last_{unit}":
        return earlier
    return Period(ranges=tuple(shifted(span, unit, -1) for span in resolve(period, today)))


def _compare_with_earlier(reader: Reader, found: When, today: dt.date) -> None:
    """ "compared to the year before", "how did revenue grow this year"."""
    roles = reader.roles
    earlier = roles.flags.get("earlier")
    alone = found.period is not None and found.earlier is None and len(roles.times) == 1
    if earlier is not None and alone and found.period is not None:
        found.compared = True
        if earlier.value is not None:
            spans = resolve(found.period, today)
            ranges = tuple(shifted(span, earlier.value, -1) for span in spans)
            found.earlier = Period(ranges=ranges)


def _time_dimension(reader: Reader) -> str | None:
    mark = reader.roles.time_dimension
    if mark is None:
        return None
    bases = [m.ref for m in reader.roles.entities()]
    return reader.choose(mark, bases).ref
