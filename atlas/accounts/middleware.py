"""API keys over HTTP: `Authorization: Bearer`, and nothing else, makes a request somebody's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from atlas.accounts.api_keys import SCHEME, authenticate_bearer

Answer = Callable[[HttpRequest], HttpResponseBase]


def bearer_middleware(answer: Answer) -> Answer:
    """Place it after Django's AuthenticationMiddleware.

    A bearer that is no working key is answered with 401, never by falling back to the session.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        header = request.headers.get("Authorization", "")
        if header.partition(" ")[0].lower() != SCHEME:
            return answer(request)
        bearer = authenticate_bearer(header)
        if bearer is None:
            message = _("This API key does not work. It may be revoked, expired or mistyped.")
            error = {"code": "unauthorized", "message": message}
            return JsonResponse(error, status=401, headers={"WWW-Authenticate": "Bearer"})
        request.user = bearer.user
        # A browser never adds this header by itself, so there is nothing to forge.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # read by Django
        return answer(request)

    return middleware
