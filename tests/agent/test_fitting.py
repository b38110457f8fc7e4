"""Promises about how much of a result a model is told."""

import json

import pytest

from atlas.agent.tools.base import MAX_FITTED_CHARACTERS, ToolOutcome
from atlas.agent.tools.fitting import (
    FOR_COUNTING,
    FOR_READING,
    MAX_CELL_CHARACTERS,
    Room,
    rows_that_fit,
)
from atlas.events.stream import MAX_EVENT_BYTES


@pytest.mark.parametrize(
    ("count", "room", "told"),
    [
        (0, Room(5, 1000), 0),
        (5, Room(5, 1000), 5),
        (6, Room(5, 1000), 5),
        (100, Room(100, 70), 5),
        (3, Room(100, 1), 1),
    ],
)
def test_the_first_rows_are_told_whole(count: int, room: Room, told: int) -> None:
    rows = [[number, "x" * 5] for number in range(count)]

    assert rows_that_fit(rows, room) == rows[:told]


def test_long_texts_are_shortened_and_nothing_else() -> None:
    (row,) = rows_that_fit([["a" * 1000, "b" * MAX_CELL_CHARACTERS, None, 1.5]], FOR_READING)

    assert row == ["a" * MAX_CELL_CHARACTERS + "…", "b" * MAX_CELL_CHARACTERS, None, 1.5]


@pytest.mark.parametrize("room", [FOR_READING, FOR_COUNTING])
@pytest.mark.parametrize("cell", ["plain text", '"\\', "漢字🎉", "\n"])
def test_what_is_told_stays_json_and_fits_into_a_checkpoint(cell: str, room: Room) -> None:
    rows = [[cell * 20, number] for number in range(5000)]
    told = {"rows": rows_that_fit(rows, room), "columns": ["a", "b"]}

    content = ToolOutcome.of(told, limit=MAX_FITTED_CHARACTERS).content

    assert json.loads(content) == told
    stored = json.dumps({"messages": [{"content": content}]}, ensure_ascii=False)
    assert len(stored.encode()) < MAX_EVENT_BYTES
