"""Tells plugins of HTTP requests and their answers; they observe and change nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from plugins_app.host.facets import hooks
from plugins_app.sdk import OnRequest, OnResponse

App = Callable[[Any, Any, Any], Awaitable[None]]
SILENT = ("/static/", "/healthz", "/readyz")
REMOVED = frozenset({"cookie", "authorization", "proxy-authorization", "x-csrftoken"})


def observed(app: App) -> App:
    """Return the application with the hooks on_request and on_response around each request."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        path, method = str(scope["path"]), str(scope["method"])
        if path.startswith(SILENT):
            await app(scope, receive, send)
            return
        if hooks.is_watched("on_request"):
            hooks.on_request(OnRequest(path, method, _headers(scope)))
        if not hooks.is_watched("on_response"):
            await app(scope, receive, send)
            return
        status = 500

        async def noted(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await app(scope, receive, noted)
        finally:
            hooks.on_response(OnResponse(path, method, status))

    return wrapped


def _headers(scope: Any) -> dict[str, str]:
    named = ((name.decode("latin-1").lower(), value) for name, value in scope["headers"])
    return {name: value.decode("latin-1") for name, value in named if name not in REMOVED}
