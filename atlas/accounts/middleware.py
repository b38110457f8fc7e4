"""API keys over HTTP: `Authorization: Bearer`, and nothing else, makes a request somebody's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from atlas.accounts.api_keys import SCHEME, authenticate_bearer
from atlas.audit.through import acting_through
from atlas.common.api import unauthorized

Answer = Callable[[HttpRequest], HttpResponseBase]
API = "/api/"
# Callers of plugins bring credentials of their own, which the plugin checks.
PLUGINS = "/plugins/"


def bearer_middleware(answer: Answer) -> Answer:
    """Place it after Django's AuthenticationMiddleware.

    A bearer that is no working key is answered with 401, never by falling back to the session.
    Keys open `/api/` alone: no page, no admin, nothing that changes the account itself.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        header = request.headers.get("Authorization", "")
        own = request.path_info.startswith(PLUGINS)
        if own or header.partition(" ")[0].lower() != SCHEME:
            return answer(request)
        if not request.path_info.startswith(API):
            return unauthorized(_("API keys work under /api/ only. Sign in to open this page."))
        bearer = authenticate_bearer(header)
        if bearer is None:
            return unauthorized(
                _("This API key does not work. It may be revoked, expired or mistyped.")
            )
        request.user = bearer.user
        # A browser never adds this header by itself, so there is nothing to forge.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # read by Django
        with acting_through(bearer.means):
            return answer(request)

    return middleware
