"""Claims: what is known of a person, turned into the typed values that rows are compared with."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Literal

Value = str | int | bool
Kind = Literal["text", "integer", "boolean", "uuid", "date"]
KINDS: tuple[Kind, ...] = ("text", "integer", "boolean", "uuid", "date")

MAX_VALUES = 1_000
MAX_CHARACTERS = 1_000


class ClaimError(ValueError):
    """A claim that no row can be compared with; the text says what is wrong, never the value."""


def values_of(claims: Mapping[str, object], path: str, kind: Kind | None) -> tuple[Value, ...]:
    """The values of the claim at a dotted path, each once, in their order; never empty.

    `kind` None takes each value as the JSON type that it has. Raises ClaimError where a claim is
    missing, null, an object or an empty list, or does not fit the kind.
    """
    raw = _at(claims, path)
    if raw is None:
        raise ClaimError("is missing")
    if isinstance(raw, Mapping):
        raise ClaimError("is an object; a single value or a list is needed")
    items = list(raw) if isinstance(raw, list | tuple) else [raw]
    if not items:
        raise ClaimError("is an empty list")
    if len(items) > MAX_VALUES:
        raise ClaimError(f"has more than {MAX_VALUES} values")
    values = [_typed(item, kind) for item in items]
    if len({type(value) for value in values}) > 1:
        raise ClaimError("mixes different types in its list")
    return tuple(dict.fromkeys(values))


def _at(claims: Mapping[str, object], path: str) -> object:
    found: object = claims
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _typed(item: object, kind: Kind | None) -> Value:
    if item is None:
        raise ClaimError("has a null in its list")
    if isinstance(item, Mapping | list | tuple):
        raise ClaimError("has an object or a list in its list")
    if not isinstance(item, str | int):
        raise ClaimError("is neither text, whole number nor true or false")
    if kind is None:
        kind = "text" if isinstance(item, str) else "integer"
        kind = "boolean" if isinstance(item, bool) else kind
    try:
        return _CONVERSIONS[kind](item)
    except (ValueError, TypeError) as error:
        raise ClaimError(f"is no {kind} that can be compared with") from error


def _text(item: str | int) -> str:
    text = item if isinstance(item, str) else str(_integer(item))
    if len(text) > MAX_CHARACTERS:
        raise ValueError
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in text):
        raise ValueError
    return text


def _integer(item: str | int) -> int:
    if isinstance(item, bool) or (isinstance(item, str) and str(int(item)) != item):
        raise ValueError
    number = int(item)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _boolean(item: str | int) -> bool:
    if not isinstance(item, bool):
        raise TypeError
    return item


def _uuid(item: str | int) -> str:
    if not isinstance(item, str):
        raise TypeError
    return str(uuid.UUID(item))


def _date(item: str | int) -> str:
    if not isinstance(item, str):
        raise TypeError
    return dt.date.fromisoformat(item).isoformat()


_CONVERSIONS: Mapping[Kind, Callable[[str | int], Value]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "uuid": _uuid,
    "date": _date,
}
