"""MCP over HTTP on a port of its own: every request carries an API key, whose rights count."""

import asyncio
import hashlib
import re
import socket
from collections.abc import Iterable
from typing import Any

import uvicorn
from mcp.server import ServerRequestContext
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.inbound import MCP_PROTOCOL_VERSION_HEADER
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, OLDEST_SUPPORTED_VERSION
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from plugins_app.reference.mcp.config import Config, Desk
from plugins_app.reference.mcp.places import Owner, Place, Places
from plugins_app.reference.mcp.server import Serving
from plugins_app.reference.mcp.tools import offers
from plugins_app.sdk import PluginContext, PluginError

PATH = "/mcp"
KEY = re.compile(r"(?i:bearer) atl_[A-Za-z0-9_-]{1,200}")
METHODS = ("POST", "DELETE")
MOST_BYTES = 1_000_000
MOST_CONNECTIONS = 200
IDLE_S = 30 * 60
END_S = 3.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Door:
    """Lets requests in that carry a key that works; all else is answered here."""

    def __init__(self, ctx: PluginContext, config: Config, port: int) -> None:
        self._ctx = ctx
        self._hosts = [*config.allowed_hosts, *_usual_hosts(config.host, port)]
        self._origins = list(config.allowed_origins)
        self._places = Places(config.most_for_one)
        serving = Serving(offers(config), lambda asked: Desk(ctx, _key_of(asked), config))
        self.sessions = StreamableHTTPSessionManager(
            serving.server(),
            json_response=True,
            security_settings=TransportSecuritySettings(
                allowed_hosts=self._hosts, allowed_origins=self._origins
            ),
            session_idle_timeout=IDLE_S,
            max_request_body_size=MOST_BYTES,
            max_sessions=config.max_sessions,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        owner = self._refused(request) or await self.owner_of(request)
        if isinstance(owner, Response):
            await owner(scope, receive, send)
            return
        known = {**scope, "user": _user(owner)}
        session_id = request.headers.get(MCP_SESSION_ID_HEADER)
        version = request.headers.get(MCP_PROTOCOL_VERSION_HEADER, OLDEST_SUPPORTED_VERSION)
        if session_id:
            await self._go_on(owner, session_id, known, receive, send)
        elif version in HANDSHAKE_PROTOCOL_VERSIONS:
            await self._open(owner, known, receive, send)
        else:
            # Newer clients open no session.
            await self.sessions.handle_request(known, receive, send)

    async def _open(self, owner: Owner, scope: Scope, receive: Receive, send: Send) -> None:
        taken = self._places.take(owner)
        if taken is None:
            text = "All of your sessions are at work. End one, or try again later."
            await PlainTextResponse(text, 429)(scope, receive, send)
            return
        place, leaving = taken
        found = ""

        async def watched(message: Message) -> None:
            nonlocal found
            if message["type"] == "http.response.start" and message["status"] < 400:
                found = Headers(raw=message["headers"]).get(MCP_SESSION_ID_HEADER, "")
            await send(message)

        try:
            if leaving is not None:
                await self._end(leaving, scope)
            await self.sessions.handle_request(scope, receive, watched)
        finally:
            self._places.opened(place, found)

    async def _go_on(
        self, owner: Owner, session_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                was_ended = scope["method"] == "DELETE" and message["status"] == 200
                if was_ended or message["status"] == 404:
                    self._places.ended(owner, session_id)
            await send(message)

        with self._places.at_work(owner, session_id):
            await self.sessions.handle_request(scope, receive, watched)

    async def _end(self, leaving: Place, scope: Scope) -> None:
        """End a session as its client would."""
        kept = [(name, value) for name, value in scope["headers"] if name == b"host"]
        headers = [*kept, (MCP_SESSION_ID_HEADER.encode(), leaving.session_id.encode())]

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(_message: Message) -> None: ...

        user = _user(leaving.owner)
        deleting = {**scope, "method": "DELETE", "headers": headers, "user": user}
        await self.sessions.handle_request(deleting, nothing, unheard)

    def _refused(self, request: Request) -> Response | None:
        if request.url.path != PATH:
            return PlainTextResponse("There is nothing here.", 404)
        if request.headers.get("host") not in self._hosts:
            return PlainTextResponse("This host is not served.", 421)
        origin = request.headers.get("origin")
        if origin is not None and origin not in self._origins:
            return PlainTextResponse("Requests from this origin are not allowed.", 403)
        if request.method not in METHODS:
            allowed = {"Allow": ", ".join(METHODS)}
            return PlainTextResponse("This method is not allowed.", 405, headers=allowed)
        return None

    async def owner_of(self, request: Request) -> Owner | Response:
        """Who sends a request, or its refusal when it brings no key that works."""
        given = request.headers.getlist("authorization")
        # Anything else would be taken for the name of a person.
        if len(given) == 1 and KEY.fullmatch(given[0]):
            try:
                person = await self._ctx.person(given[0])
                return Owner(person.name, hashlib.sha256(given[0].encode()).hexdigest())
            except PluginError:
                pass
            except Exception as error:  # noqa: BLE001 - who it is cannot be told, so nobody gets in
                self._ctx.logger.warning("A key was not checked: %s", type(error).__name__)
                return PlainTextResponse("Try again later.", 503)
        asked = {"WWW-Authenticate": "Bearer"}
        return PlainTextResponse("Send an API key that works.", 401, headers=asked)


async def serve(ctx: PluginContext, config: Config, ended: asyncio.Event) -> None:
    """Serve until `ended` is set or the caller is cancelled; raises when the port is taken."""
    with _listening(config) as listener:
        door = Door(ctx, config, listener.getsockname()[1])
        server = uvicorn.Server(
            uvicorn.Config(
                door,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_graceful_shutdown=1,
            )
        )
        async with door.sessions.run():
            await _until(ended, server, listener)


async def _until(ended: asyncio.Event, server: uvicorn.Server, listener: socket.socket) -> None:
    serving = asyncio.create_task(server.serve([listener]))
    leaving = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        server.should_exit = True
        done, _waiting = await asyncio.wait({serving}, timeout=END_S)
        serving.cancel()
    for task in done:
        task.result()


def _listening(config: Config) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
        return socket.create_server((config.host, config.port), family=family)
    except OSError as error:
        where = f"{config.host}:{config.port}"
        raise PluginError(f"{where} cannot be listened at: {error.strerror}.") from None


def _usual_hosts(host: str, port: int) -> Iterable[str]:
    """What clients beside the server call it; any other name is one of `allowed_hosts`."""
    names = LOOPBACK if host in LOOPBACK else {host}
    for name in names:
        yield f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _user(owner: Owner) -> AuthenticatedUser:
    # A session belongs to the key that opened it; to any other it does not exist.
    return AuthenticatedUser(AccessToken(token="", client_id=owner.key, scopes=[]))


def _key_of(asked: ServerRequestContext[Any, Any]) -> str:
    header: str = asked.request.headers["authorization"] if asked.request else ""
    if not header:
        raise PluginError("The request carries no API key.")
    return header
