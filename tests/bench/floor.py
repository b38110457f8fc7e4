"""`floor`: Django, Channels and Daphne with one page and one socket, and nothing of Atlas."""

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, INSTALLED_APPS=["channels"]
    )
    django.setup()


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [path("", page)]


class IdleConsumer(AsyncWebsocketConsumer):
    """Accepts a socket and leaves it open."""


def application_with(consumer: type[AsyncWebsocketConsumer]) -> ProtocolTypeRouter:
    """The ASGI application whose socket `/ws/` is `consumer`."""
    routes = URLRouter([path("ws/", consumer.as_asgi())])  # type: ignore[arg-type,list-item]  # an ASGI application
    return ProtocolTypeRouter({"http": get_asgi_application(), "websocket": routes})


application = application_with(IdleConsumer)
