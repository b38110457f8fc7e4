"""The streaming protocol of Anthropic's messages."""

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.said import Call, Heard, Reply

BASE = ""
PATH = "/v1/messages"

_USAGE = {"input_tokens": 3, "output_tokens": 1}
_MESSAGE = {
    "id": "m1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [],
    "stop_reason": None,
    "stop_sequence": None,
    "usage": _USAGE,
}


def heard(body: dict[str, Any]) -> list[Heard]:
    """The messages of a request, its system prompt first."""
    found = [Heard("system", _text(body.get("system", "")))]
    for message in body["messages"]:
        found += _heard(message)
    return found


def lines(reply: Reply) -> Iterator[str]:
    """The reply as server-sent events."""
    yield _event("message_start", message=_MESSAGE)
    index = 0
    if reply.text:
        yield _event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for piece in reply.pieces:
            delta = {"type": "text_delta", "text": piece}
            yield _event("content_block_delta", index=0, delta=delta)
        yield _event("content_block_stop", index=0)
        index = 1
    for place, call in enumerate(reply.calls, start=index):
        yield from _call(place, call)
    reason = "tool_use" if reply.calls else "end_turn"
    delta = {"stop_reason": reason, "stop_sequence": None}
    yield _event("message_delta", delta=delta, usage=_USAGE)
    yield _event("message_stop")


def _call(index: int, call: Call) -> Iterator[str]:
    block = {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}
    yield _event("content_block_start", index=index, content_block=block)
    text = json.dumps(call.arguments)
    for part in (text[: len(text) // 2], text[len(text) // 2 :]):
        delta = {"type": "input_json_delta", "partial_json": part}
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _event(kind: str, **fields: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n"


def _heard(message: dict[str, Any]) -> list[Heard]:
    content = message["content"]
    if isinstance(content, str):
        return [Heard(message["role"], content)]
    results = [
        Heard("tool", _text(block["content"]), call_id=block["tool_use_id"])
        for block in content
        if block["type"] == "tool_result"
    ]
    calls = tuple(
        Call(block["id"], block["name"], block["input"])
        for block in content
        if block["type"] == "tool_use"
    )
    text = _text([block for block in content if block["type"] == "text"])
    said = [Heard(message["role"], text, calls)] if text or calls else []
    return [*results, *said]


def _text(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(block.get("text", "")) for block in content)
    return str(content or "")
