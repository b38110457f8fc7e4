"""Reading a cursor in slices, so that no more is held than a result may have."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from plugins_app.sdk.datasource import QueryLimits

FIRST_SLICE = 50
LARGEST_SLICE = 2_000
# What a number, a date or a NULL is counted as.
SMALL = 16


def fetch_within(
    fetch: Callable[[int], Sequence[Sequence[Any]]], limits: QueryLimits
) -> tuple[list[Sequence[Any]], bool]:
    """Read rows until a limit is reached; return them, and whether there are more.

    `fetch(n)` gives the next `n` rows or fewer, and none at the end, as `fetchmany` of the DB-API
    does. Slices begin small and are sized by what the rows were so far.
    """
    rows: list[Sequence[Any]] = []
    size, wanted = 0, FIRST_SLICE
    while len(rows) <= limits.max_rows:
        piece = fetch(min(wanted, limits.max_rows + 1 - len(rows)))
        if not piece:
            return rows, False
        for row in piece:
            size += sum(map(_size, row))
            if size > limits.max_bytes:
                return rows[: limits.max_rows], True
            rows.append(row)
        room = (limits.max_bytes - size) * len(rows) // max(size, 1)
        wanted = max(1, min(LARGEST_SLICE, room))
    return rows[: limits.max_rows], True


def _size(value: object) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return SMALL + sum(_size(key) + _size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return SMALL + sum(map(_size, value))
    return SMALL
