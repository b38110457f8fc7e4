"""Reads what a model streams in short windows, so that a token costs little.

A provider sends each token in a packet of its own, and each costs the client's layers more time
than everything Atlas does with it. So the first text passes at once; after it the network is read
once a window, by all streams together, and the text that arrived within one is joined before the
client parses it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from ssl import SSLContext
from typing import Any
from urllib.request import getproxies

import httpcore2
import httpx2
from openai import DEFAULT_CONNECTION_LIMITS, DefaultAsyncHttpxClient

# A little longer than the writer's window, which is then over: what was read is written at once.
WINDOW_S = 0.06
_SEPARATOR = b"\n\n"


def windowed_client() -> httpx2.AsyncClient | None:
    """The HTTP client for OpenAI-compatible providers.

    None where the environment names a proxy: the provider's own client knows how to use it.
    """
    if getproxies():
        return None
    return DefaultAsyncHttpxClient(transport=_Transport(DEFAULT_CONNECTION_LIMITS))


def joined(data: bytes) -> bytes:
    """Join neighbouring events that hold nothing but text; every other byte stays as it is."""
    out: list[bytes] = []
    last: dict[str, Any] | None = None
    for event in data.split(_SEPARATOR):
        chunk = _text_chunk(event)
        if chunk is None:
            out += [*_written(last), event]
            last = None
        elif last is None:
            last = chunk
        else:
            last["choices"][0]["delta"]["content"] += chunk["choices"][0]["delta"]["content"]
    return _SEPARATOR.join([*out, *_written(last)])


def _written(chunk: dict[str, Any] | None) -> list[bytes]:
    return [] if chunk is None else [b"data: " + json.dumps(chunk).encode()]


def _text_chunk(event: bytes) -> dict[str, Any] | None:
    """The event as JSON when its only news is text."""
    if not event.startswith(b"data: {"):
        return None
    try:
        chunk: dict[str, Any] = json.loads(event[6:])
        (choice,) = chunk["choices"]
        named = [name for name, value in choice["delta"].items() if value is not None]
        is_more = choice.get("finish_reason") or choice.get("logprobs") or chunk.get("usage")
        is_text = named == ["content"] and isinstance(choice["delta"]["content"], str)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return chunk if is_text and choice["delta"]["content"] and not is_more else None


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
    """The body of an answer: a task reads it, and hands on at once what it has got."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response
        self._read: list[bytes] = []
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # The client goes over the rest of a body once more before it closes it.
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all(), name="model-reading")
        while not self._reading.done() or self._read:
            await self._news.wait()
            self._news.clear()
            data, self._read = b"".join(self._read), []
            if data:
                yield joined(data)
        await self._reading

    async def aclose(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            # What broke the reading was raised where the body was read.
            await asyncio.wait({self._reading})
        await self._response.aclose()

    async def _read_all(self) -> None:
        network = self._response.extensions.get("network_stream")
        try:
            async for data in self._response.aiter_stream():
                self._read.append(data)
                self._news.set()
                if isinstance(network, _Stream) and not network.in_windows:
                    network.in_windows = _begins_with_text(data)
        finally:
            self._news.set()


def _begins_with_text(data: bytes) -> bool:
    return b'"content"' in data and _text_chunk(data.split(_SEPARATOR)[0]) is not None


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
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()
