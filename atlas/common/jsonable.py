"""Database values as values that JSON and PostgreSQL's jsonb both hold, and numbers out of them."""

import base64
import datetime
import decimal
import math
import uuid
from collections.abc import Mapping

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

_LARGEST_EXACT_INTEGER = 2**53


def clean_text(text: str) -> str:
    """Replace NUL and lone surrogates, which PostgreSQL text cannot hold, by U+FFFD."""
    if text.isascii() and "\x00" not in text:
        return text
    return (
        text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    )


def jsonable(value: object) -> JSON:
    """Return `value` as JSON-safe data: decimals, dates, huge integers and NaN become text."""
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _LARGEST_EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    return _scalar_text(value)


def number_in(value: object) -> decimal.Decimal | None:
    """The number in a JSON-safe cell, where decimals are text; None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = decimal.Decimal(str(value))
    except decimal.InvalidOperation:
        return None
    return found if found.is_finite() else None


def _scalar_text(value: object) -> str:
    if isinstance(value, decimal.Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, uuid.UUID):
        return str(value)
    return clean_text(str(value))
