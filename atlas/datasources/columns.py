"""What is known of a result's columns when nobody described them: read off their values."""

import decimal
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

Rows = Sequence[Sequence[Any]] | Sequence[Mapping[str, Any]]


class ColumnDetails(TypedDict):
    """A column of a stored result; None where neither layer nor values tell."""

    name: str
    label: str
    format: str | None
    role: str | None


def as_lists(columns: Sequence[str], rows: Rows) -> list[list[Any]]:
    """Return rows as lists in the order of `columns`; drivers may give mappings."""
    return [
        [row.get(name) for name in columns] if isinstance(row, Mapping) else list(row)
        for row in rows
    ]


def described(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[ColumnDetails]:
    """Describe each column by its name and its first value that is not NULL."""
    return [
        _details(name, next((row[at] for row in rows if row[at] is not None), None))
        for at, name in enumerate(columns)
    ]


def _details(name: str, value: object) -> ColumnDetails:
    kind, role = _kind(value)
    return {"name": name, "label": label(name), "format": kind, "role": role}


def label(name: str) -> str:
    """The name as people read it: `total_revenue` is "Total revenue"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _kind(value: object) -> tuple[str | None, str | None]:
    if isinstance(value, bool):
        return None, "dimension"
    if isinstance(value, int):
        return "integer", "measure"
    if isinstance(value, float | decimal.Decimal):
        return "number", "measure"
    return None, "dimension"
