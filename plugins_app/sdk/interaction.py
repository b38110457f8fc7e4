"""The interaction type: another surface through which people reach Atlas."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins_app.sdk.host import PluginContext

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class WebRequest:
    """One HTTP request as a route sees it; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class WebResponse:
    """What a route answers; an asynchronous iterator of pieces is sent as it comes.

    Cookies cannot be set, and nothing that is answered runs as a page of Atlas.
    """

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] | AsyncIterator[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One path under /plugins/<id>; no login applies, so it verifies its callers.

    Cookies never reach it. A request has at most 1 MB.
    """

    path: str
    handler: Callable[[WebRequest], WebResponse | Awaitable[WebResponse]]
    methods: tuple[Method, ...] = ("POST",)
    timeout_s: float = 10.0


@dataclass(frozen=True)
class Interaction:
    """The interaction facet: routes of the web server, or a transport of its own, or both.

    A transport is an `async def` that runs until it is cancelled. It runs in one of all worker
    processes; another one starts it within seconds when that process dies. One that speaks over
    stdin and stdout says `stdio`, may be synchronous, and runs only by `manage.py plugin run ID`.
    """

    routes: tuple[Route, ...] = ()
    transport: Callable[[PluginContext], object | Awaitable[object]] | None = None
    stdio: bool = False
