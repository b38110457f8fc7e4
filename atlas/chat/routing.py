"""The socket's address."""

from django.urls import path

from atlas.chat.consumers import ChatConsumer

websocket_urlpatterns = [
    path("ws/", ChatConsumer.as_asgi()),  # type: ignore[arg-type]  # an ASGI application, not a view
]
