"""Plugins observe HTTP requests and answers, without secrets and without any effect."""

import asyncio

import pytest

from atlas.observing import observed
from plugins_app.host.facets import hooks
from plugins_app.host.facets.hooks import MOST_OBSERVING
from plugins_app.sdk import Hook, Hooks, OnRequest, OnResponse, Plugin

HEADERS = [
    (b"Host", b"localhost"),
    (b"COOKIE", b"sessionid=canary-7f3a91"),
    (b"authorization", b"Bearer canary-7f3a91"),
    (b"X-CSRFToken", b"canary-7f3a91"),
    (b"x-request-id", b"7"),
]


def plugin(**points):
    return Plugin(id="watch", types=("action",), version="1", hooks=Hooks(**points))


async def page(scope, receive, send):
    if scope["path"] == "/broken":
        raise RuntimeError("bug")
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"made"})


async def ask(path="/chat/?q=1", method="POST"):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": HEADERS}
    await observed(page)(scope, None, send)
    await hooks.drain()
    return sent


async def test_request_and_response_are_told(registered):
    seen = []

    def note(event, ctx):
        seen.append(event)

    registered(plugin(on_request=(Hook(note),), on_response=(Hook(note),)))
    sent = await ask("/chat/")
    assert seen == [
        OnRequest("/chat/", "POST", {"host": "localhost", "x-request-id": "7"}),
        OnResponse("/chat/", "POST", 201),
    ]
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


@pytest.mark.parametrize("path", ["/static/app.css", "/healthz", "/readyz"])
async def test_static_files_and_health_are_not_told(registered, path):
    seen = []

    def note(event, ctx):
        seen.append(event)

    registered(plugin(on_request=(Hook(note),), on_response=(Hook(note),)))
    assert len(await ask(path)) == 2
    assert seen == []


async def test_a_page_that_fails_is_told_as_500(registered):
    seen = []
    registered(plugin(on_response=(Hook(lambda event, ctx: seen.append(event.status)),)))
    with pytest.raises(RuntimeError, match="bug"):
        await ask("/broken")
    await hooks.drain()
    assert seen == [500]


async def hang(event, ctx):
    await asyncio.Event().wait()


def fail(event, ctx):
    raise RuntimeError("no")


@pytest.mark.parametrize("handler", [hang, fail, lambda event, ctx: {"path": "/other"}])
async def test_observers_change_nothing(registered, handler):
    watch = (Hook(handler, timeout_s=0.02),)
    registered(plugin(on_request=watch, on_response=watch))
    assert [message.get("status") for message in await ask()] == [201, None]


async def test_without_observers_nothing_is_made(registered):
    registered(plugin())
    assert not hooks.is_watched("on_request")
    assert len(await ask()) == 2


async def test_slow_observers_do_not_pile_up(registered, caplog):

    async def wait(event, ctx):
        await asyncio.to_thread(lambda: None)

    registered(plugin(on_response=(Hook(wait),)))
    for _ in range(MOST_OBSERVING + 1):
        hooks.on_response(OnResponse("/", "GET", 200))
    assert "Observers of plugins are too slow" in caplog.text
    await hooks.drain()
