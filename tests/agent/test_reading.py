"""Promises about taking text out of a model's stream: all of it, in order, and nothing else."""

import json

import pytest

from atlas.agent.reading import Texts


def event(delta: dict[str, object], **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None, **more}
    return b"data: " + json.dumps({"id": "c1", "choices": [choice]}).encode() + b"\n\n"


def text(*pieces: str) -> bytes:
    return b"".join(event({"content": piece}) for piece in pieces)


CALL = event({"tool_calls": [{"index": 0, "id": "t1"}]})
ROLE = event({"role": "assistant", "content": ""})
END = event({}, finish_reason="stop")
TWO = b'data: {"choices": [{"delta": {"content": "a"}}, {"delta": {"content": "b"}}]}\n\n'
USAGE = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
DONE = b"data: [DONE]\n\n"


def taken(data: bytes, size: int) -> tuple[str, bytes]:
    """What is heard, and what the client gets, of a stream that arrives `size` bytes at a time."""
    heard: list[str] = []
    texts = Texts(heard.append)
    pieces = [texts.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return "".join(heard), b"".join([*pieces, texts.end()])


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("data", "heard", "left"),
    [
        (text("a", "b", "c"), "abc", b""),
        (text("é", "\n\n", "😀"), "é\n\n😀", b""),
        (ROLE + text("a", "b") + END + USAGE + DONE, "ab", ROLE + END + USAGE + DONE),
        (text("a", "b") + CALL + text("c", "d"), "abcd", CALL),
        (
            event({"role": "assistant", "content": "a"}) + text("b"),
            "ab",
            event({"role": "assistant", "content": ""}),
        ),
        (
            text("a") + event({"content": "b"}, finish_reason="length"),
            "ab",
            event({"content": ""}, finish_reason="length"),
        ),
        (
            event({"content": "a"}, logprobs={"content": []}),
            "a",
            event({"content": ""}, logprobs={"content": []}),
        ),
        (
            event({"content": "a", "reasoning": "because"}),
            "a",
            event({"content": "", "reasoning": "because"}),
        ),
        (text("a") + text("b")[:-9], "a", text("b")[:-9]),
    ],
)
def test_text_is_heard_and_the_rest_is_the_clients(
    data: bytes, heard: str, left: bytes, size: int
) -> None:
    assert taken(data, size) == (heard, left)


@pytest.mark.parametrize("size", [1, 100_000])
def test_what_a_model_thinks_aloud_is_left_to_the_client(size: int) -> None:
    thought = text("<think>", "Hm", ".", "</think>")

    assert taken(thought + text("So: ", "4"), size) == ("So: 4", thought)


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b": a comment\n\n",
        CALL + CALL,
        TWO + TWO,
        USAGE + DONE,
        b"data: {not json}\n\ndata: [1]\n\n",
        b'data: {"choices": ["a"]}\n\ndata: {"choices": null}\n\n',
        b'data: {"choices": [{"delta": {"content": ["a"]}}]}\n\n',
        b"event: x\r\n" + text("a").replace(b"\n", b"\r\n"),
        b'data: {"choices": [{"delta": {"con',
    ],
)
def test_everything_else_stays_as_it_is(data: bytes, size: int) -> None:
    assert taken(data, size) == ("", data)
