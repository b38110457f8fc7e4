"""Language models through the real clients, against local servers that speak their protocols."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from atlas.agent.errors import ModelFailed
from atlas.agent.messages import (
    ModelSaid,
    Prompt,
    TextDelta,
    ToolCall,
    ToolSaid,
    ToolSpec,
    UserSaid,
)
from atlas.agent.model import language_model

TOOL = ToolSpec(
    "execute_sql",
    "Run SQL",
    {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]},
)


class Provider(ThreadingHTTPServer):
    """A provider's server: answers with `status` and `lines`, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        self.status = 200
        self.lines: list[str] = []
        self.cut = False
        self.bodies: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        self.server.bodies.append(json.loads(self.rfile.read(size)))
        self.send_response(self.server.status)
        self.send_header("content-type", "text/event-stream")
        if self.server.cut:
            self.send_header("content-length", "100000")
        self.end_headers()
        for line in self.server.lines:
            self.wfile.write(line.encode())
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def _openai(*deltas: dict[str, Any]) -> list[str]:
    chunks = [
        {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
        }
        for delta in deltas
    ]
    chunks.append({**chunks[0], "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return [*(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks), "data: [DONE]\n\n"]


def _anthropic(text: str, arguments: str) -> list[str]:
    usage = {"input_tokens": 3, "output_tokens": 1}
    message = {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    call = {"type": "tool_use", "id": "t1", "name": "execute_sql", "input": {}}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": call},
        {
            "type": "content_block_delta",
            "index": 1,
            "delta": {"type": "input_json_delta", "partial_json": arguments},
        },
        {"type": "content_block_stop", "index": 1},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": None},
            "usage": usage,
        },
        {"type": "message_stop"},
    ]
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]


def _ask(kind: str, url: str, prompt: Prompt) -> list[object]:
    base = f"{url}/v1" if kind == "openai" else url

    async def run() -> list[object]:
        model = language_model(kind, "m", base_url=base, api_key="none")
        return [event async for event in model.stream(prompt)]

    return asyncio.run(run())


QUESTION = Prompt("Be exact.", (UserSaid("How many?"),), (TOOL,))
_CALL = {"id": "t1", "type": "function", "index": 0}


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        (
            "openai",
            lambda: _openai(
                {"role": "assistant", "content": "Look"},
                {"content": "ing."},
                {"tool_calls": [{**_CALL, "function": {"name": "execute_sql", "arguments": ""}}]},
                {"tool_calls": [{"index": 0, "function": {"arguments": '{"sql": "SELECT 1"}'}}]},
            ),
        ),
        ("anthropic", lambda: _anthropic("Looking.", '{"sql": "SELECT 1"}')),
    ],
)
def test_text_and_tool_calls_stream(
    provider: Provider, kind: str, script: Callable[[], list[str]]
) -> None:
    provider.lines = script()

    events = _ask(kind, provider.url, QUESTION)

    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == "Looking."
    assert [e for e in events if isinstance(e, ToolCall)] == [
        ToolCall("t1", "execute_sql", {"sql": "SELECT 1"})
    ]


def test_history_and_what_was_shown_are_sent(provider: Provider) -> None:
    provider.lines = _openai({"role": "assistant", "content": " rest"})
    call = ToolCall("t1", "execute_sql", {"sql": "SELECT 1"})
    messages = (UserSaid("q"), ModelSaid("", (call,)), ToolSaid("t1", "execute_sql", "[1]"))

    _ask("openai", provider.url, Prompt("Be exact.", messages, (TOOL,), resumed="The first"))

    sent = provider.bodies[0]["messages"]
    assert [message["role"] for message in sent] == [
        "system",
        "user",
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
    assert sent[4]["content"] == "The first"


@pytest.mark.parametrize(
    ("status", "code"), [(401, "model_auth"), (429, "model_rate_limit"), (500, "model_failed")]
)
@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_refusing_provider_gives_a_sentence_without_its_words(
    provider: Provider, kind: str, status: int, code: str
) -> None:
    provider.status, provider.lines = status, ['{"error": {"message": "sk-secret-value"}}']

    with pytest.raises(ModelFailed) as failure:
        _ask(kind, provider.url, QUESTION)

    assert failure.value.code == code
    assert "secret" not in failure.value.user_message


def test_a_cut_stream_fails_after_the_text_that_came(provider: Provider) -> None:
    provider.lines, provider.cut = _openai({"role": "assistant", "content": "Half"})[:1], True

    with pytest.raises(ModelFailed) as failure:
        _ask("openai", provider.url, QUESTION)

    assert failure.value.code == "model_unreachable"


@pytest.mark.parametrize(("kind", "code"), [("openai", "model_no_key"), ("nobody", "model_no_key")])
def test_a_model_without_key_is_refused(kind: str, code: str) -> None:
    with pytest.raises(ModelFailed) as failure:
        language_model(kind, "m", base_url=None, api_key=None)

    assert failure.value.code == code
