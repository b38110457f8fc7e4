"""How much of a result a model is told: whole rows, the first ones, with long texts shortened."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

MAX_CELL_CHARACTERS = 300


@dataclass(frozen=True)
class Room:
    """The most rows, and the most bytes that they may take as JSON."""

    rows: int
    bytes: int


# A language model pays for every row and needs few; one that counts for itself needs them all.
# Both stay well below the size of a run event, in which a checkpoint keeps what was told.
FOR_READING = Room(rows=50, bytes=10_000)
FOR_COUNTING = Room(rows=10_000, bytes=30_000)


def rows_that_fit(rows: Sequence[Sequence[object]], room: Room) -> list[list[object]]:
    """The first rows that fit, at least one."""
    fitting: list[list[object]] = []
    used = 0
    for row in rows[: room.rows]:
        told = [_shortened(cell) for cell in row]
        used += len(json.dumps(told, ensure_ascii=False, default=str).encode()) + 2
        if fitting and used > room.bytes:
            break
        fitting.append(told)
    return fitting


def _shortened(cell: object) -> object:
    if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
        return cell[:MAX_CELL_CHARACTERS] + "…"
    return cell
