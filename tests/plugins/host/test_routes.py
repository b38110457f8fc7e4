"""Routes of interaction plugins answer requests below their own prefix, without cookies."""

import asyncio
import json

import pytest
from django.test import AsyncClient

from plugins_app.host import lifecycle, registry, views
from plugins_app.host.facets import routes
from plugins_app.host.facets.routes import BURST, PER_SECOND, Throttle
from plugins_app.sdk import Interaction, Plugin, Route, WebResponse

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

CANARY = "canary-7f3a91"


def echo(request):
    return WebResponse(
        201,
        {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "body": request.body.decode(),
            "headers": sorted(request.headers),
        },
    )


async def hang(request):
    await asyncio.Event().wait()


def fail(request):
    raise RuntimeError(CANARY)


def bad_headers(request):
    headers = {
        "Set-Cookie": "sessionid=stolen",
        "X-Split": "a\r\nSet-Cookie: b",
        "Content-Length": "9999",
        "Clear-Site-Data": '"cookies"',
        "Service-Worker-Allowed": "/",
        "Strict-Transport-Security": "max-age=0",
        "X-Content-Type-Options": "none",
        "X-Frame-Options": "ALLOWALL",
        "Content-Security-Policy": "script-src *",
        "Content-Type": "text/html",
        "X-Fine": "yes",
    }
    return WebResponse(200, "<script>1</script>", headers)


async def pieces():
    yield b"one "
    yield b"two"


async def endless():
    while True:
        yield b"x" * 1_000_000


ROUTES = {
    "/echo": (echo, ("POST", "GET")),
    "/later": (hang, ("POST",)),
    "/broken": (fail, ("POST",)),
    "/rubbish": (lambda request: {"ok": True}, ("POST",)),
    "/status": (lambda request: WebResponse(99), ("POST",)),
    "/headers": (bad_headers, ("GET",)),
    "/stream": (lambda request: WebResponse(200, pieces()), ("GET",)),
    "/endless": (lambda request: WebResponse(200, endless()), ("GET",)),
    "/deep/path": (lambda request: WebResponse(204), ("GET",)),
}


@pytest.fixture
async def client(start, monkeypatch):
    monkeypatch.setattr(views, "_throttle", Throttle())
    made = tuple(
        Route(path, handler, methods, timeout_s=0.1 if handler is hang else 5)
        for path, (handler, methods) in ROUTES.items()
    )
    await start(
        Plugin(id="bot", types=("interaction",), version="1", interaction=Interaction(made)),
        Plugin(id="other", types=("action",), version="1"),
    )
    # As a site from elsewhere calls: no token, and the checks of forms are on.
    return AsyncClient(enforce_csrf_checks=True)


async def test_a_route_gets_the_request_without_cookies(client):
    client.cookies["sessionid"] = CANARY
    answer = await client.post(
        "/plugins/bot/echo?a=1",
        data=b'{"x": 2}',
        content_type="application/json",
        headers={"X-Signature": "s", "Authorization": "Bearer own"},
    )
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    told = json.loads(answer.content)
    assert (told["method"], told["path"], told["query"]) == ("POST", "/echo", {"a": "1"})
    assert told["body"] == '{"x": 2}'
    assert {"x-signature", "authorization"} <= set(told["headers"])
    assert "cookie" not in told["headers"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/plugins/bot/later", 504),
        ("/plugins/bot/broken", 502),
        ("/plugins/bot/rubbish", 502),
        ("/plugins/bot/status", 502),
        ("/plugins/bot/headers", 405),
        ("/plugins/bot/nowhere", 404),
        ("/plugins/other/echo", 404),
        ("/plugins/unknown/echo", 404),
        ("/plugins/bot/../other/echo", 404),
    ],
)
async def test_everything_else_has_a_status_and_tells_nothing(client, path, status):
    answer = await client.post(path)
    assert answer.status_code == status
    assert CANARY.encode() not in answer.content


async def test_another_method_is_told_which_are_allowed(client):
    answer = await client.delete("/plugins/bot/echo")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


async def test_a_disabled_plugin_answers_nothing_at_once(client):
    entry = registry.current().get("bot")
    entry.enabled = False
    assert (await client.post("/plugins/bot/echo")).status_code == 404
    entry.enabled, entry.initialized = True, False
    assert (await client.post("/plugins/bot/echo")).status_code == 503
    await lifecycle.stop()
    assert (await client.post("/plugins/bot/echo")).status_code == 503


@pytest.mark.parametrize(("size", "status"), [(1_000_000, 201), (1_000_001, 413)])
async def test_a_body_has_at_most_a_megabyte(client, size, status):
    sent = b"x" * size
    answer = await client.post("/plugins/bot/echo", data=sent, content_type="text/plain")
    assert answer.status_code == status


async def test_a_route_sets_no_cookies_and_runs_nothing_as_our_page(client):
    answer = await client.get("/plugins/bot/headers")
    assert answer["X-Fine"] == "yes"
    assert not answer.cookies
    for name in ("X-Split", "Clear-Site-Data", "Service-Worker-Allowed"):
        assert name not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.content == b"<script>1</script>"


async def streamed(answer):
    return b"".join([piece async for piece in answer.streaming_content])


async def test_pieces_are_sent_as_they_come_and_are_bounded(client, monkeypatch):
    assert await streamed(await client.get("/plugins/bot/stream")) == b"one two"
    monkeypatch.setattr(routes, "MAX_STREAMED", 3_000_000)
    assert len(await streamed(await client.get("/plugins/bot/endless"))) == 3_000_000


async def test_a_path_may_be_deep(client):
    assert (await client.get("/plugins/bot/deep/path")).status_code == 204


async def test_a_caller_has_a_bucket_of_requests(client, monkeypatch):
    monkeypatch.setattr(views, "_throttle", Throttle(lambda: 0.0))
    for _ in range(BURST):
        assert (await client.get("/plugins/bot/deep/path")).status_code == 204
    assert (await client.get("/plugins/bot/deep/path")).status_code == 429


def test_a_bucket_fills_again_and_each_caller_has_one():
    now = [0.0]
    throttle = Throttle(lambda: now[0], most=2)
    assert all(throttle.allows("bot", "a") for _ in range(BURST))
    assert not throttle.allows("bot", "a")
    assert throttle.allows("bot", "b")
    now[0] = 1 / PER_SECOND
    assert throttle.allows("bot", "a")
    assert not throttle.allows("bot", "a")
    throttle.allows("bot", "c")
    throttle.allows("bot", "d")
    assert len(throttle._buckets) == 2
