"""Reads what a model streams in short windows, past the client's layers: a token costs little.

A provider sends each token in a packet of its own, and each costs the client's layers more time
than everything Atlas does with it. So the first text passes at once, and after it the network is
read once a window, by all streams together. Text goes to whoever asked to hear it; the client gets
everything else, which is what ends a turn: tool calls, the reason of the end, the tokens used.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any
from urllib.request import getproxies

import httpcore2
import httpx2
from openai import DEFAULT_CONNECTION_LIMITS, DefaultAsyncHttpxClient

# A little longer than the writer's window, which is then over: what was read is written at once.
WINDOW_S = 0.06
_SEPARATOR = b"\n\n"
# Some models think aloud in their text; the client leaves out what is between these two.
_THINKING, _THOUGHT = "<think>", "</think>"

Hear = Callable[[str], object]

_hearing: ContextVar[Hear | None] = ContextVar("hearing", default=None)


def hear_text(hear: Hear) -> None:
    """Have the text of what this task is answered given to `hear`, before the client's events."""
    _hearing.set(hear)


def windowed_client() -> httpx2.AsyncClient | None:
    """The HTTP client for OpenAI-compatible providers.

    None where the environment names a proxy: the provider's own client knows how to use it.
    """
    if getproxies():
        return None
    return DefaultAsyncHttpxClient(transport=_Transport(DEFAULT_CONNECTION_LIMITS))


class Texts:
    """Takes the text out of the events of one stream, however its bytes are cut."""

    def __init__(self, hear: Hear) -> None:
        self.has_heard = False
        self._hear = hear
        self._rest = b""
        self._is_thinking = False
        self._is_known = True

    def feed(self, data: bytes) -> bytes:
        """Give on what text is complete; returns what is left for the client."""
        # Only streams of events that end in this way are known; others are the client's alone.
        self._is_known = self._is_known and b"\r" not in data
        data, self._rest = self._rest + data, b""
        if not self._is_known:
            return data
        *events, self._rest = data.split(_SEPARATOR)
        return b"".join(left + _SEPARATOR for left in map(self._without_text, events) if left)

    def end(self) -> bytes:
        """What came after the last complete event."""
        return self._rest

    def _without_text(self, event: bytes) -> bytes:
        chunk, choice, text = _text_chunk(event)
        if not text:
            return event
        if self._is_thinking or text == _THINKING:
            self._is_thinking = text != _THOUGHT
            return event
        self._hear(text)
        self.has_heard = True
        choice["delta"]["content"] = ""
        return b"data: " + json.dumps(chunk).encode() if _has_more(chunk, choice) else b""


def _text_chunk(event: bytes) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The event as JSON, its only choice and the text in it; "" when it has none."""
    if not event.startswith(b"data: {"):
        return {}, {}, ""
    try:
        chunk = json.loads(event[6:])
        (choice,) = chunk["choices"]
        text = choice["delta"]["content"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, {}, ""
    return chunk, choice, text if isinstance(text, str) else ""


def _has_more(chunk: dict[str, Any], choice: dict[str, Any]) -> bool:
    """Whether a chunk says anything but text."""
    told = any(value for name, value in choice["delta"].items() if name != "content")
    return bool(told or choice.get("finish_reason") or choice.get("logprobs") or chunk.get("usage"))


class _Stream(httpcore2.AsyncNetworkStream):
    """A connection that waits a window before each read while it is told to."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self._inner = inner
        self.in_windows = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.in_windows:
            # All streams read at the same ticks, so that one write takes what they brought.
            await asyncio.sleep(WINDOW_S - asyncio.get_running_loop().time() % WINDOW_S)
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.in_windows = False
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "_Stream":
        return _Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Network(httpcore2.AnyIOBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _Stream:
        return _Stream(
            await super().connect_tcp(host, port, timeout, local_address, socket_options)
        )


class _Body(httpx2.AsyncByteStream):
    """The body of an answer, without the text if somebody hears that."""

    def __init__(self, response: httpcore2.Response, texts: Texts | None) -> None:
        self._response = response
        self._texts = texts
        self._pieces = self._read()

    def __aiter__(self) -> AsyncIterator[bytes]:
        # The client goes over the rest of a body once more before it closes it.
        return self._pieces

    async def _read(self) -> AsyncIterator[bytes]:
        texts, network = self._texts, self._response.extensions.get("network_stream")
        async for data in self._response.aiter_stream():
            if texts is None:
                yield data
            elif left := texts.feed(data):
                yield left
            if texts is not None and isinstance(network, _Stream):
                network.in_windows = texts.has_heard
        if texts is not None:
            yield texts.end()

    async def aclose(self) -> None:
        await self._response.aclose()


class _Transport(httpx2.AsyncBaseTransport):
    """What httpx's own transport does, on a pool whose network is ours."""

    def __init__(self, limits: httpx2.Limits) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Network(),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response, _texts_of(response)),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def _texts_of(response: httpcore2.Response) -> Texts | None:
    """What takes the text out of an answer: of plain events, when somebody hears it."""
    hear = _hearing.get()
    headers = {name.lower(): value for name, value in response.headers}
    is_plain = b"content-encoding" not in headers
    is_events = headers.get(b"content-type", b"").startswith(b"text/event-stream")
    return Texts(hear) if hear and is_events and is_plain else None
