"""Promises about joining what a model streams: the same text, and nothing else is touched."""

import json

import pytest

from atlas.agent.reading import joined


def event(delta: dict[str, object], **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None, **more}
    return b"data: " + json.dumps({"id": "c1", "choices": [choice]}).encode() + b"\n\n"


def text(*pieces: str) -> bytes:
    return b"".join(event({"content": piece}) for piece in pieces)


CALL = event({"tool_calls": [{"index": 0, "id": "t1"}]})
ROLE = event({"role": "assistant", "content": ""})
END = event({}, finish_reason="stop")
LAST = event({"content": "c"}, finish_reason="stop")
LIKELY = event({"content": "c"}, logprobs={"content": []})
THOUGHT = event({"content": "c", "reasoning": "because"})
TWO = b'data: {"choices": [{"delta": {"content": "a"}}, {"delta": {"content": "b"}}]}\n\n'
USAGE = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
DONE = b"data: [DONE]\n\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (text("a", "b", "c"), text("abc")),
        (text("é", "\n\n", "😀"), text("é\n\n😀")),
        (ROLE + text("a", "b") + END + USAGE + DONE, ROLE + text("ab") + END + USAGE + DONE),
        (text("a", "b") + CALL + text("c", "d"), text("ab") + CALL + text("cd")),
        (text("a", "b") + LAST, text("ab") + LAST),
    ],
)
def test_neighbouring_text_is_joined(data: bytes, told: bytes) -> None:
    assert joined(data) == told


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b": a comment\n\n",
        CALL + CALL,
        LIKELY + LIKELY,
        THOUGHT + THOUGHT,
        TWO + TWO,
        USAGE + DONE,
        b"data: {not json}\n\ndata: [1]\n\n",
        b'data: {"choices": ["a"]}\n\ndata: {"choices": null}\n\n',
        b"event: x\r\ndata: {}\r\n\r\n",
        b'data: {"choices": [{"delta": {"con',
        b'tent": "a"}}]}\n\n' + CALL,
    ],
)
def test_everything_else_stays_as_it_is(data: bytes) -> None:
    assert joined(data) == data
