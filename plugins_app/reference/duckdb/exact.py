"""Values that Python would round, or cannot hold: the engine writes them out itself."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ZONED = "TIMESTAMP WITH TIME ZONE"
# An INTERVAL would lose its months, the others their nanoseconds.
WRITTEN_OUT = ("INTERVAL", "TIMESTAMP_NS", "TIME_NS", ZONED)


@dataclass(frozen=True)
class Shape:
    """The columns of a result: their names and the engine's types."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, described: Sequence[Sequence[Any]]) -> "Shape":
        """The shape that DESCRIBE tells."""
        return cls(tuple(row[0] for row in described), tuple(row[1] for row in described))

    def asking_for(self, sql: str) -> tuple[str, str]:
        """The statement that gives every value exactly, after the text that stands before `sql`."""
        if not any(kind in here for here in self.kinds for kind in WRITTEN_OUT):
            return "", sql
        columns = ", ".join(_read(f"v{at}", kind) for at, kind in enumerate(self.kinds))
        names = ", ".join(f"v{at}" for at in range(len(self.kinds)))
        before = f"SELECT {columns} FROM ("  # noqa: S608 - made of numbers and constants
        return before, f"{before}{sql}\n) AS exact({names})"

    def exact(self, rows: list[tuple[Any, ...]]) -> Sequence[Sequence[Any]]:
        """The rows with moments in UTC where the engine gave them without a zone."""
        zoned = [at for at, kind in enumerate(self.kinds) if kind == ZONED]
        return [_in_utc(row, zoned) for row in rows] if zoned else rows


def _read(name: str, kind: str) -> str:
    if kind == ZONED:
        return f"timezone('UTC', {name})"
    return f"CAST({name} AS VARCHAR)" if any(one in kind for one in WRITTEN_OUT) else name


def _in_utc(row: tuple[Any, ...], zoned: Sequence[int]) -> list[Any]:
    values = list(row)
    for at in zoned:
        if isinstance(values[at], datetime.datetime):
            values[at] = values[at].replace(tzinfo=datetime.UTC)
    return values
