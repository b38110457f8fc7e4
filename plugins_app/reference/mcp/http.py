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
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from plugins_app.reference.mcp.config import Config, Desk
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
        refusal = self._refused(request) or await self.without_key(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        # A session belongs to the key that opened it; to any other it does not exist.
        digest = hashlib.sha256(request.headers["authorization"].encode()).hexdigest()
        token = AccessToken(token="", client_id=digest, scopes=[])
        await self.sessions.handle_request(
            {**scope, "user": AuthenticatedUser(token)}, receive, send
        )

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

    async def without_key(self, request: Request) -> Response | None:
        """Return the refusal of a request that brings no key that works, else nothing."""
        given = request.headers.getlist("authorization")
        # Anything else would be taken for the name of a person.
        if len(given) == 1 and KEY.fullmatch(given[0]):
            try:
                await self._ctx.person(given[0])
                return None
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


def _key_of(asked: ServerRequestContext[Any, Any]) -> str:
    header: str = asked.request.headers["authorization"] if asked.request else ""
    if not header:
        raise PluginError("The request carries no API key.")
    return header
