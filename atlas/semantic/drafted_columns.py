"""What each column of a table probably is, told from its name and type alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from atlas.semantic.drafted_words import label, names_of_column, spelled

NUMBERS = re.compile(
    r"u?(tiny|small|medium|big|huge)?int|integer|numeric|decimal|real|double|float|money", re.I
)
DATES = re.compile(r"date|timestamp|datetime", re.I)
BOOLEANS = re.compile(r"bool", re.I)
WORDS = re.compile(r"char|text|enum|citext|name|user-defined", re.I)
KEY_NAMES = re.compile(r"(^|_)(id|uuid|guid|key|code|no|nr|num|number|zip|postcode|phone|tailnum)$")
CALENDAR = re.compile(r"^(year|month|day|hour|minute|second|week|quarter|weekday)$|_(year|month)$")
MEANS = re.compile(
    r"(^|_)(rate|ratio|pct|percent|percentage|share|price|age|avg|average|mean|score|rating|speed"
    r"|temp|temperature|humid|humidity|pressure|delay|lat|latitude|lon|lng|long|longitude|alt"
    r"|altitude|dewp?|dew_point|visib|visibility|level|rank|size|height|width|dir|degree|discount|duration|gust|tz)(_|$)"
)
YEARS = re.compile(r"(^|_)year$")
PLACES = re.compile(r"^(lat|latitude|lon|lng|longitude|tz)$")
LONG_TEXT = re.compile(r"(^|_)(description|comment|comments|note|notes|text|body|address|url)$")
# A time of day kept as a number, such as 517 for 5:17: neither its sum nor its mean says anything.
CLOCKS = re.compile(r"(^|_)(dep|arr|departure|arrival|start|end|open|opening|close|closing)_time$")
WHOLE = re.compile(r"u?(tiny|small|medium|big|huge)?int|integer", re.I)
# Values with parts, whose names hold those of the types within.
NESTED = re.compile(r"(struct|map|union)\(|\[\d*\]$", re.I)
EVENTS = re.compile(r"order|creat|happen|occur|start|sold|issu|record|event|time_hour|^date$")

CALENDAR_PARTS = frozenset({"year", "month", "day"})

DimensionType = Literal["category", "number", "date", "boolean", "text", "id"]


@dataclass(frozen=True)
class DraftedDimension:
    """A dimension to propose."""

    name: str
    sql: str
    type: DimensionType
    hidden: bool = False
    label: str = ""
    synonyms: tuple[str, ...] = ()
    is_plain: bool = False


@dataclass(frozen=True)
class DraftedMeasure:
    """A measure to propose."""

    name: str
    sql: str
    agg: Literal["sum", "avg"]
    label: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Drafted:
    """What to propose for one table; `label` names a row and `time` dates it."""

    dimensions: tuple[DraftedDimension, ...]
    measures: tuple[DraftedMeasure, ...]
    label: str | None
    time: str | None


def draft_columns(
    table: str,
    columns: Sequence[tuple[str, str, str]],
    keys: frozenset[str],
    foreign: frozenset[str],
) -> Drafted:
    """Proposals for columns given as (name, SQL, type).

    `keys` are the names of the primary key and `foreign` those that point to other tables, which
    are hidden unless they hold codes that people say. Columns of other types, such as JSON or
    bytes, are left out. Whole numbers in "year", "month" and "day" become one date.
    """
    dimensions = _composed_date(columns)
    parts = CALENDAR_PARTS if dimensions else frozenset()
    for name, sql, type_name in columns:
        is_code = name in foreign and _is_code(name, type_name)
        found = _type(name, type_name, is_key=not is_code and name in keys | foreign)
        if found is not None:
            hidden = name in parts or (name in foreign and not is_code)
            dimensions.append(DraftedDimension(name, sql, found, hidden))
    dimensions += _full_name(dimensions)
    taken = {dimension.name for dimension in dimensions}
    return Drafted(
        tuple(_named(dimension, table, taken) for dimension in dimensions),
        tuple(_measures(dimensions, taken)),
        _label_column(table, dimensions),
        _time(dimensions),
    )


def _named(dimension: DraftedDimension, table: str, beside: set[str]) -> DraftedDimension:
    text, synonyms = names_of_column(dimension.name, table, beside)
    is_year = dimension.type == "number" and bool(YEARS.search(dimension.name))
    return replace(dimension, label=text, synonyms=synonyms, is_plain=is_year)


def _composed_date(columns: Sequence[tuple[str, str, str]]) -> list[DraftedDimension]:
    """The day that whole numbers in "year", "month" and "day" spell, or nothing."""
    parts = {name: sql for name, sql, type_name in columns if WHOLE.match(type_name)}
    if not parts.keys() >= CALENDAR_PARTS or "date" in {name for name, _, _ in columns}:
        return []
    sql = f"make_date({parts['year']}, {parts['month']}, {parts['day']})"
    return [DraftedDimension("date", sql, "date")]


def _full_name(dimensions: Sequence[DraftedDimension]) -> list[DraftedDimension]:
    named = {dimension.name: dimension for dimension in dimensions}
    if not {"first_name", "last_name"} <= named.keys() or "full_name" in named:
        return []
    both = f"{named['first_name'].sql} || ' ' || {named['last_name'].sql}"
    return [DraftedDimension("full_name", both, "category")]


def _is_code(name: str, type_name: str) -> bool:
    """Whether a column that points elsewhere holds something people say, such as JFK."""
    return bool(WORDS.search(type_name)) and not KEY_NAMES.search(name)


def _type(name: str, type_name: str, *, is_key: bool) -> DimensionType | None:
    if NESTED.search(type_name):
        return None
    if DATES.match(type_name):
        return "date"
    if is_key:
        return "id"
    if BOOLEANS.match(type_name):
        return "boolean"
    if NUMBERS.match(type_name):
        return "id" if KEY_NAMES.search(name) else "number"
    if type_name.lower() == "uuid":
        return "id"
    if WORDS.search(type_name):
        return "text" if LONG_TEXT.search(name) else "category"
    return None


def _measures(dimensions: Sequence[DraftedDimension], taken: set[str]) -> Iterator[DraftedMeasure]:
    beside = [dimension.name for dimension in dimensions]
    for dimension in dimensions:
        if dimension.type != "number" or CALENDAR.search(dimension.name):
            continue
        if PLACES.match(dimension.name) or CLOCKS.search(dimension.name):
            continue
        words = spelled(dimension.name, beside)
        if not MEANS.search(dimension.name):
            name = f"total_{dimension.name}"
            if name not in taken:
                text = label(f"total {words}")
                yield DraftedMeasure(name, dimension.sql, "sum", text, (f"sum of {words}",))
        name = f"average_{dimension.name}"
        if name not in taken:
            text = label(f"average {words}")
            yield DraftedMeasure(name, dimension.sql, "avg", text, (f"mean {words}",))


def _label_column(table: str, dimensions: Sequence[DraftedDimension]) -> str | None:
    texts = [d.name for d in dimensions if d.type == "category"]
    single = table.lower().removesuffix("s")
    for name in ("name", "full_name", f"{single}_name", "company_name", "title", "label"):
        if name in texts:
            return name
    return next((name for name in texts if name.endswith(("_name", "_title"))), None)


def _time(dimensions: Sequence[DraftedDimension]) -> str | None:
    dates = [d.name for d in dimensions if d.type == "date" and "birth" not in d.name]
    return next((name for name in dates if EVENTS.search(name)), dates[0] if dates else None)
