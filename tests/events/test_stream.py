"""Promises of a run's stream in memory: numbers, joined text, bounds, text Postgres can hold."""

from uuid import UUID

import pytest

from atlas.conversations.enums import EventKind
from atlas.events.stream import MAX_EVENT_BYTES, RunStream

RUN, CONVERSATION = UUID(int=1), UUID(int=2)


@pytest.fixture
def woken() -> list[RunStream]:
    return []


@pytest.fixture
def stream(woken: list[RunStream]) -> RunStream:
    return RunStream(RUN, CONVERSATION, 7, woken.append)


def taken(stream: RunStream) -> list[tuple[int, str, dict]]:
    events = [pending.event for pending in stream.take()]
    assert {event.run_id for event in events} <= {RUN}
    return [(event.seq, event.kind, event.payload) for event in events]


def test_text_between_two_looks_is_one_event(stream: RunStream) -> None:
    for piece in ("It ", "", "is ", "42."):
        stream.emit_text(piece)

    assert taken(stream) == [(1, "text", {"text": "It is 42."})]


def test_numbers_go_on_without_gaps_and_events_close_the_text(stream: RunStream) -> None:
    stream.emit_text("a")
    stream.emit(EventKind.REFUSE, {"code": "n"})
    stream.emit_text("b")
    assert taken(stream) == [
        (1, "text", {"text": "a"}),
        (2, "refuse", {"code": "n"}),
        (3, "text", {"text": "b"}),
    ]

    stream.confirm(2)
    stream.emit_text("c")

    assert taken(stream) == [(3, "text", {"text": "b"}), (4, "text", {"text": "c"})]
    assert stream.next_seq == 5
    assert {pending.fence for pending in stream.take()} == {7}


def test_an_event_of_64_kb_fits_and_a_larger_one_takes_no_number(stream: RunStream) -> None:
    frame = len('{"message": ""}')
    stream.emit(EventKind.REFUSE, {"message": "x" * (MAX_EVENT_BYTES - frame)})
    with pytest.raises(ValueError, match="larger than 64000 bytes"):
        stream.emit(EventKind.REFUSE, {"message": "x" * (MAX_EVENT_BYTES - frame + 1)})
    stream.emit(EventKind.REFUSE, {"message": "y"})

    assert [seq for seq, _kind, _payload in taken(stream)] == [1, 2]


@pytest.mark.parametrize("character", ["x", "\N{GRINNING FACE}", "\x01", '"', "\N{EURO SIGN}"])
def test_long_text_becomes_events_that_each_fit(stream: RunStream, character: str) -> None:
    stream.emit_text(character * 50_000)

    pieces = stream.take()
    assert "".join(pending.event.payload["text"] for pending in pieces) == character * 50_000
    assert max(len(pending.body.encode()) for pending in pieces) <= MAX_EVENT_BYTES


@pytest.mark.parametrize(
    ("raw", "stored"),
    [("a\x00b", "a\ufffdb"), ("a\ud800b", "a\ufffd\ufffd\ufffdb"), ("naïve \t\n", "naïve \t\n")],
    ids=["nul", "surrogate", "harmless"],
)
def test_text_that_postgres_cannot_hold_is_replaced(
    stream: RunStream, raw: str, stored: str
) -> None:
    stream.emit_text(raw)
    stream.emit(EventKind.REFUSE, {"message": raw, "deep": [{raw: raw}]})

    assert taken(stream) == [
        (1, "text", {"text": stored}),
        (2, "refuse", {"message": stored, "deep": [{stored: stored}]}),
    ]


async def test_flushed_waits_for_the_last_confirmation(stream: RunStream) -> None:
    assert await stream.flushed()
    stream.emit_text("a")
    assert len(stream.take()) == 1
    stream.emit_text("b")
    stream.confirm(1)
    assert taken(stream) == [(2, "text", {"text": "b"})]
    stream.confirm(1)

    assert await stream.flushed()


async def test_a_lost_stream_forgets_and_wakes_nobody(
    stream: RunStream, woken: list[RunStream]
) -> None:
    stream.emit_text("a")
    stream.lose()
    woken.clear()
    stream.emit_text("b")
    stream.emit(EventKind.REFUSE, {})

    assert woken == []
    assert not await stream.flushed()
