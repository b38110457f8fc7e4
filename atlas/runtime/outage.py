"""What people see and wait for while Postgres is away: a page that says so, soon."""

import sys

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.views.defaults import server_error as default_server_error

from atlas.common.db import is_outage
from atlas.runtime.databases import POOL

RETRY_AFTER_S = 5
# Waiting for a connection is of use while others have them, not while there is no server.
PATIENCE_IN_OUTAGE_S = 1.0


def note(is_there: bool) -> None:
    """Called when this process's listening session found or lost Postgres."""
    pool = getattr(connections["default"], "pool", None)
    if pool is not None:
        pool.timeout = POOL["timeout"] if is_there else PATIENCE_IN_OUTAGE_S


class OutageMiddleware(MiddlewareMixin):
    """Answers 503 when a view finds no Postgres."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return unavailable(request) if is_outage(error) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of errors outside views: sessions, for example, are saved after them."""
    error = sys.exc_info()[1]
    if error is not None and is_outage(error):
        return unavailable(request)
    return default_server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """A page without the database that loads itself again, unless it answers a form."""
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    if request.headers.get("Authorization"):
        message = _("Atlas cannot reach its database. Try again in a moment.")
        error = {"code": "database_away", "message": message}
        return JsonResponse(error, status=503, headers=headers)
    page = render_to_string(
        "503.html", {"loads_again_s": RETRY_AFTER_S * (request.method == "GET")}
    )
    return HttpResponse(page, status=503, headers=headers)
