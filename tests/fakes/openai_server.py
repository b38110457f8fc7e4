"""The streaming protocol of OpenAI's chat completions."""

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.said import Call, Heard, Reply

BASE = "/v1"
PATH = "/chat/completions"


def heard(body: dict[str, Any]) -> list[Heard]:
    """The messages of a request."""
    return [_heard(message) for message in body["messages"]]


def lines(reply: Reply) -> Iterator[str]:
    """The reply as server-sent events."""
    yield _chunk({"role": "assistant", "content": ""})
    for piece in reply.pieces:
        yield _chunk({"content": piece})
    for index, call in enumerate(reply.calls):
        function = {"name": call.name, "arguments": ""}
        start = {"index": index, "id": call.id, "type": "function", "function": function}
        yield _chunk({"tool_calls": [start]})
        text = json.dumps(call.arguments)
        for part in (text[: len(text) // 2], text[len(text) // 2 :]):
            yield _chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    yield _chunk({}, "tool_calls" if reply.calls else "stop")
    yield "data: [DONE]\n\n"


def _chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    chunk = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n"


def _heard(message: dict[str, Any]) -> Heard:
    calls = tuple(
        Call(call["id"], call["function"]["name"], json.loads(call["function"]["arguments"]))
        for call in message.get("tool_calls") or ()
    )
    return Heard(
        message["role"], _text(message.get("content")), calls, message.get("tool_call_id", "")
    )


def _text(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return str(content or "")
