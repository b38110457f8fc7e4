"""Which pages may open a socket: those of this installation, told by scheme, host and port."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host

Application = Callable[[Any, Any, Any], Awaitable[None]]


def same_origin(application: Application) -> Application:
    """Refuse sockets that another page opens, also one on another port of the same host.

    A program that brings an API key has no page and needs no `Origin`: a browser never adds
    that header by itself.
    """

    async def checked(scope: Any, receive: Any, send: Any) -> None:
        if is_allowed({name: value.decode("latin-1") for name, value in scope["headers"]}, scope):
            await application(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)

    return checked


def is_allowed(headers: dict[bytes, str], scope: Any) -> bool:
    """Whether a handshake comes from a page of ours, or from a program with a key."""
    origin = headers.get(b"origin")
    if origin is None:
        return b"authorization" in headers
    host = headers.get(b"host", "")
    name = host.rpartition(":")[0] if _has_port(host) else host
    is_ours = validate_host(name.lower(), settings.ALLOWED_HOSTS)
    own = f"{_scheme(headers, scope)}://{host}"
    return (is_ours and origin.lower() == own.lower()) or origin in settings.CSRF_TRUSTED_ORIGINS


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and not host.endswith("]")


def _scheme(headers: dict[bytes, str], scope: Any) -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        said = headers.get(name.removeprefix("HTTP_").replace("_", "-").lower().encode(), "")
        return "https" if said == secure else "http"
    return "https" if scope.get("scheme") == "wss" else "http"
