"""Words for people made from names of tables and columns."""

import re
from collections.abc import Collection

# Only abbreviations that mean one thing wherever they stand.
ABBREVIATIONS = {
    "acct": "account", "addr": "address", "alt": "altitude", "amt": "amount", "avg": "average",
    "cnt": "count", "cust": "customer", "dept": "department", "dest": "destination",
    "dir": "direction", "dob": "date of birth", "dt": "date", "emp": "employee",
    "freq": "frequency", "humid": "humidity", "lat": "latitude", "lng": "longitude",
    "lon": "longitude", "mfr": "manufacturer", "mgr": "manager", "nr": "number", "num": "number",
    "orig": "original", "pct": "percent", "precip": "precipitation", "prod": "product",
    "qty": "quantity", "sched": "scheduled", "tel": "telephone", "temp": "temperature",
    "tz": "time zone", "visib": "visibility",
}  # fmt: skip
# These are sure only beside each other in one table.
PAIRS = {"dep": ("arr", "departure"), "arr": ("dep", "arrival")}
# A column of this name says nothing without its table.
BARE = frozenset(
    {
        "name",
        "title",
        "label",
        "type",
        "kind",
        "status",
        "state",
        "code",
        "number",
        "description",
        "date",
    }
)
CALENDAR_WORDS = frozenset({"year", "quarter", "month", "week", "day", "weekday"})


def label(name: str) -> str:
    """The name as a label: "order_lines" gives "Order lines"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def singular(name: str) -> str:
    """The singular of a table's name, or "" when it has none of its own."""
    words = name.replace("_", " ").strip()
    if words.endswith("ies"):
        return f"{words[:-3]}y"
    if words.endswith(("sses", "shes", "ches", "xes")):
        return words[:-2]
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else ""


def spelled(name: str, beside: Collection[str] = ()) -> str:
    """The words of a column's name with abbreviations written out; `beside` are its table's."""
    known = {part for other in beside for part in re.split("_", other)}
    words = []
    for part in name.split("_"):
        partner, long = PAIRS.get(part, ("", part))
        words.append(ABBREVIATIONS.get(part, long if partner in known else part))
    return " ".join(word for word in words if word)


def names_of_column(
    name: str, table: str, beside: Collection[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """A column's label and its synonyms; "name" of airports gives "Airport name" and "name"."""
    words, plain = spelled(name, beside), name.replace("_", " ").strip()
    owner = singular(table) or table.replace("_", " ")
    if plain == singular(table):
        return label(f"{words} number"), ()
    if name in CALENDAR_WORDS:
        return label(f"{owner} {words}"), ()
    if name in BARE:
        return label(f"{owner} {words}"), (plain,)
    return label(words), () if words == plain else (plain,)
