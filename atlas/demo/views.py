"""The outbox of the demo as a page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from atlas.demo import place
from atlas.demo.outbox import list_messages
from atlas.env import environment


@login_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages that the demo's mail server kept; only where the demo is shown."""
    if not place.is_on(environment()):
        raise Http404
    found = list_messages(place.outbox_dir(environment()))
    return render(request, "chat/outbox.html", {"outbox": found})
