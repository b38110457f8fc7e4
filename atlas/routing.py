"""Addresses of the sockets, gathered from the apps."""

from atlas.chat.routing import websocket_urlpatterns

__all__ = ["websocket_urlpatterns"]
