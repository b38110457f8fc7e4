"""Answers HTTP requests with the routes of interaction plugins, on the plugin's own loop."""

import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.common.jsonable import jsonable
from atlas.common.statuses import status_of
from plugins_app.host import registry
from plugins_app.host.calling import breaker
from plugins_app.host.errors import PluginUnavailable
from plugins_app.host.registry import Entry
from plugins_app.sdk import Interaction, Route, WebRequest, WebResponse

MAX_BODY = 1_000_000
MAX_STREAMED = 20_000_000
CHUNK_DEADLINE_S = 10.0
# For each plugin and caller: as many at once, and then as many a second.
BURST = 60
PER_SECOND = 5.0
KEPT_HEADERS_LENGTH = 8_000
# What only Atlas may say: what browsers do with this origin, and how the message is framed.
REFUSED_HEADERS = frozenset(
    {
        "clear-site-data",
        "connection",
        "content-length",
        "content-security-policy",
        "service-worker-allowed",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "x-content-type-options",
        "x-frame-options",
    }
)


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller; `stream` takes the place of `body`."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None


class Throttle:
    """A bucket for each plugin and caller, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 10_000) -> None:
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def allows(self, plugin_id: str, caller: str) -> bool:
        """Take one request out of the bucket; False when it is empty."""
        now, key = self._clock(), (plugin_id, caller)
        left, since = self._buckets.pop(key, (float(BURST), now))
        left = min(float(BURST), left + (now - since) * PER_SECOND)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return allowed


async def answer(plugin_id: str, request: WebRequest) -> Answer:
    """Return what the plugin's route says; never raises for the plugin."""
    entry = _entry(plugin_id)
    if entry is None:
        return _said(404, _("There is no such page."))
    if not entry.usable:
        return refused(PluginUnavailable(_("It did not start, or was switched off.")))
    routes = [route for route in _facet(entry).routes if route.path == request.path]
    if not routes:
        return _said(404, _("There is no such page."))
    fitting = [route for route in routes if request.method in route.methods]
    if not fitting:
        allowed = sorted({method for route in routes for method in route.methods})
        return _said(405, _("This method is not allowed."), {"Allow": ", ".join(allowed)})
    return await _called(entry, fitting[0], request)


def refused(error: AtlasError) -> Answer:
    """What a caller without a login is told of an error: its status, and no more."""
    status = status_of(error)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return _said(status, _("This is not available now. Try again later."))
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return _said(status, _("There was no answer in time."))
    return _said(status, _("Something went wrong."))


async def _called(entry: Entry, route: Route, request: WebRequest) -> Answer:
    try:
        given = await breaker.call(entry, route.handler, request, timeout_s=route.timeout_s)
    except AtlasError as error:
        # What the plugin raised is in the log; a caller without a login is not told.
        return refused(error)
    if not isinstance(given, WebResponse) or not _is_status(given.status):
        return _said(HTTPStatus.BAD_GATEWAY, _("Something went wrong."))
    return _framed(entry, given)


def _framed(entry: Entry, given: WebResponse) -> Answer:
    headers = {
        str(name): str(value)
        for name, value in given.headers.items()
        if str(name).lower() not in REFUSED_HEADERS and not _splits(f"{name}{value}")
    }
    if hasattr(given.body, "__anext__"):
        headers.setdefault("Content-Type", "application/octet-stream")
        return Answer(given.status, headers=headers, stream=_streamed(entry, given.body))
    body, kind = _encoded(given.body)
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
    return Answer(given.status, body, headers)


async def _streamed(entry: Entry, body: Any) -> AsyncIterator[bytes]:
    """Give the pieces on, each within its deadline; the stream ends at a fault or at 20 MB."""
    sent = 0

    async def next_piece() -> bytes | None:
        piece = await anext(body, None)
        return piece.encode() if isinstance(piece, str) else piece

    while sent < MAX_STREAMED:
        try:
            piece = await breaker.call(entry, next_piece, timeout_s=CHUNK_DEADLINE_S)
        except AtlasError:
            return
        if not isinstance(piece, bytes):
            return
        sent += len(piece)
        yield piece


def _encoded(body: object) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode("utf-8", "replace"), "text/plain; charset=utf-8"
    return json.dumps(jsonable(body)).encode(), "application/json"


def _entry(plugin_id: str) -> Entry | None:
    if not registry.is_running():
        return None
    found = [entry for entry in registry.current().all() if entry.id == plugin_id]
    return found[0] if found and found[0].enabled and found[0].plugin.interaction else None


def _facet(entry: Entry) -> Interaction:
    return entry.plugin.interaction or Interaction()


def _is_status(status: object) -> bool:
    return isinstance(status, int) and 200 <= status <= 599


def _splits(text: str) -> bool:
    return len(text) > KEPT_HEADERS_LENGTH or any(char in text for char in "\r\n\0")


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    said = {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}
    return Answer(status, text.encode(), said)
