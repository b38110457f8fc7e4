"""What each column of a table probably is, told from its name and type alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

NUMBERS = re.compile(r"(small|big)?int|integer|numeric|decimal|real|double|float|money", re.I)
DATES = re.compile(r"date|timestamp|datetime", re.I)
BOOLEANS = re.compile(r"bool", re.I)
WORDS = re.compile(r"char|text|enum|citext|name|user-defined", re.I)
KEY_NAMES = re.compile(r"(^|_)(id|uuid|guid|key|code|no|nr|num|number|zip|postcode|phone|tailnum)$")
CALENDAR = re.compile(r"^(year|month|day|hour|minute|second|week|quarter|weekday)$|_(year|month)$")
MEANS = re.compile(
    r"(^|_)(rate|ratio|pct|percent|percentage|share|price|age|avg|average|mean|score|rating|speed"
    r"|temp|temperature|humid|humidity|pressure|delay|lat|latitude|lon|lng|long|longitude|alt"
    r"|altitude|level|rank|size|height|width|dir|degree|discount|duration|gust|tz)(_|$)"
)
PLACES = re.compile(r"^(lat|latitude|lon|lng|longitude|tz)$")
LONG_TEXT = re.compile(r"(^|_)(description|comment|comments|note|notes|text|body|address|url)$")
EVENTS = re.compile(r"order|creat|happen|occur|start|sold|issu|record|event|time_hour|^date$")

DimensionType = Literal["category", "number", "date", "boolean", "text", "id"]


@dataclass(frozen=True)
class DraftedDimension:
    """A dimension to propose."""

    name: str
    sql: str
    type: DimensionType
    hidden: bool = False


@dataclass(frozen=True)
class DraftedMeasure:
    """A measure to propose."""

    name: str
    sql: str
    agg: Literal["sum", "avg"]
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
    are hidden. Columns of other types, such as JSON or bytes, are left out.
    """
    dimensions = []
    for name, sql, type_name in columns:
        found = _type(name, type_name, is_key=name in keys or name in foreign)
        if found is not None:
            dimensions.append(DraftedDimension(name, sql, found, hidden=name in foreign))
    named = {dimension.name: dimension for dimension in dimensions}
    if {"first_name", "last_name"} <= named.keys() and "full_name" not in named:
        both = f"{named['first_name'].sql} || ' ' || {named['last_name'].sql}"
        dimensions.append(DraftedDimension("full_name", both, "category"))
    taken = {dimension.name for dimension in dimensions}
    return Drafted(
        tuple(dimensions),
        tuple(_measures(dimensions, taken)),
        _label(table, dimensions),
        _time(dimensions),
    )


def _type(name: str, type_name: str, *, is_key: bool) -> DimensionType | None:
    if is_key:
        return "id"
    if BOOLEANS.match(type_name):
        return "boolean"
    if DATES.match(type_name):
        return "date"
    if NUMBERS.match(type_name):
        return "id" if KEY_NAMES.search(name) else "number"
    if type_name.lower() == "uuid":
        return "id"
    if WORDS.search(type_name):
        return "text" if LONG_TEXT.search(name) else "category"
    return None


def _measures(dimensions: Sequence[DraftedDimension], taken: set[str]) -> Iterator[DraftedMeasure]:
    for dimension in dimensions:
        if dimension.type != "number" or CALENDAR.search(dimension.name):
            continue
        if PLACES.match(dimension.name):
            continue
        words = dimension.name.replace("_", " ")
        if not MEANS.search(dimension.name):
            name = f"total_{dimension.name}"
            if name not in taken:
                yield DraftedMeasure(name, dimension.sql, "sum", (f"sum of {words}",))
        name = f"average_{dimension.name}"
        if name not in taken:
            yield DraftedMeasure(name, dimension.sql, "avg", (f"mean {words}",))


def _label(table: str, dimensions: Sequence[DraftedDimension]) -> str | None:
    texts = [d.name for d in dimensions if d.type == "category"]
    single = table.lower().removesuffix("s")
    for name in ("name", "full_name", f"{single}_name", "company_name", "title", "label"):
        if name in texts:
            return name
    return next((name for name in texts if name.endswith(("_name", "_title"))), None)


def _time(dimensions: Sequence[DraftedDimension]) -> str | None:
    dates = [d.name for d in dimensions if d.type == "date" and "birth" not in d.name]
    return next((name for name in dates if EVENTS.search(name)), dates[0] if dates else None)
