"""Promises of stored checkpoints: however much a turn holds, it fits, and is read back in order."""

from uuid import UUID

import pytest

from atlas.agent.events import Checkpoint
from atlas.agent.messages import ModelSaid, ToolCall, ToolSaid, from_json, to_json
from atlas.conversations.enums import EventKind
from atlas.events.stream import RunStream
from atlas.runner.checkpoints import payloads_of
from atlas.runner.claims import Claim
from atlas.runner.driving import Drive

CALLS = tuple(ToolCall(f"call-{n}", "query", {"of": "orders"}) for n in range(5))


def stored(checkpoint: Checkpoint) -> list[dict]:
    """The payloads of the checkpoint as the drive of a run emits them."""
    stream = RunStream(UUID(int=1), UUID(int=2), 1, lambda _stream: None)
    claim = Claim(UUID(int=1), 1, UUID(int=2), stop_requested=False, kind="question")
    Drive(claim, stream, lambda _conversation, _events: None)._record(checkpoint)
    events = [pending.event for pending in stream.take()]
    assert {event.kind for event in events} == {EventKind.CHECKPOINT}
    return [event.payload for event in events]


def test_many_large_results_of_one_turn_are_stored_whole() -> None:
    said = ModelSaid("Let me see.", CALLS)
    results = [ToolSaid(call.id, call.name, "é" * 25_000) for call in CALLS]
    turn = [said, *results]

    payloads = stored(Checkpoint((), list(map(to_json, turn)), ends=True))

    assert [from_json(one) for payload in payloads for one in payload["messages"]] == turn
    assert [payload["ends"] for payload in payloads] == [False] * 5 + [True]


@pytest.mark.parametrize(
    "message",
    [
        ToolSaid("call-1", "explore", "\N{GRINNING FACE}" * 12_000 + '"' * 40_000),
        ToolSaid("call-1", "explore", "\x01" * 40_000),
        ModelSaid("x" * 200_000, CALLS),
        ModelSaid("", (ToolCall("call-1", "file", {"body": "y" * 100_000}),)),
        ModelSaid("", (ToolCall("call-1", "file", {"rows": [1234567] * 50_000}),)),
        ModelSaid("", (ToolCall("call-1", "file", {f"name {n}": n for n in range(9_000)}),)),
    ],
    ids=["emoji", "control characters", "text", "argument", "list", "names"],
)
def test_a_message_too_large_for_an_event_is_shortened(message: ModelSaid | ToolSaid) -> None:
    (payload,) = stored(Checkpoint((), [to_json(message)]))

    (kept,) = payload["messages"]
    back = from_json(kept)
    assert type(back) is type(message)
    assert back != message
    if isinstance(message, ToolSaid):
        assert isinstance(back, ToolSaid)
        assert (back.call_id, back.name) == ("call-1", "explore")
        assert message.content.startswith(back.content[:1_000])
    else:
        assert isinstance(back, ModelSaid)
        assert [call.id for call in back.calls] == [call.id for call in message.calls]


def test_a_turn_without_messages_has_no_checkpoint() -> None:
    assert payloads_of(Checkpoint((), [])) == []
