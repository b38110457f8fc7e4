"""The ASGI application: pages by Django, sockets by Channels, 503 until boot has ended."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atlas.settings")  # noqa: TID251  # Django's own switch, before settings exist

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

_http = get_asgi_application()

from atlas import boot  # noqa: E402  # needs the app registry
from atlas.chat.origins import same_origin  # noqa: E402  # needs the app registry
from atlas.observing import observed  # noqa: E402  # needs the app registry
from atlas.routing import websocket_urlpatterns  # noqa: E402  # needs the app registry

_routes = ProtocolTypeRouter(
    {
        "http": observed(_http),
        "websocket": same_origin(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))  # type: ignore[arg-type]  # typed for Django's views
        ),
    }
)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Serve when everything has started; say "starting" until then."""
    if boot.is_ready() or scope["type"] not in {"http", "websocket"}:
        await _routes(scope, receive, send)
    elif scope["type"] == "http":
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"1")]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b"Atlas is starting.\n"})
    else:
        await send({"type": "websocket.close", "code": 1013})
