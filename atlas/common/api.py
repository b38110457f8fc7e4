"""What every address under `/api/` shares: who calls, what was sent, and errors as JSON."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import csrf
from django.views.decorators.cache import never_cache
from pydantic import BaseModel, ConfigDict, ValidationError

from atlas.common.errors import AtlasError, BadInput
from atlas.common.misfits import misfits
from atlas.common.statuses import status_of

Endpoint = Callable[..., Any]
Body = TypeVar("Body", bound="ApiModel")


class ApiModel(BaseModel):
    """A body as it is sent or answered; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def api(*methods: str) -> Callable[[Endpoint], Callable[..., HttpResponse]]:
    """Make an endpoint of a function that returns JSON data or raises an `AtlasError`.

    A function may also return the status with its data. Strangers get 401. Errors are answered
    as `{"code", "message"}`.
    """

    def decorate(endpoint: Endpoint) -> Callable[..., HttpResponse]:
        @never_cache
        @functools.wraps(endpoint)
        def view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                message = _("Send an API key in the header Authorization: Bearer.")
                return unauthorized(message)
            if request.method not in methods:
                return _wrong_method(", ".join(methods))
            status, answer = answered(endpoint, request, *args, **kwargs)
            if isinstance(answer, tuple):
                status, answer = answer
            return JsonResponse(answer, status=status, safe=False)

        return view

    return decorate


def answered(endpoint: Endpoint, *args: object, **kwargs: object) -> tuple[int, Any]:
    """Call an endpoint: its answer with 200, or what its error says with the fitting status."""
    try:
        return HTTPStatus.OK, endpoint(*args, **kwargs)
    except AtlasError as error:
        return status_of(error), {"code": error.code, "message": error.user_message}


def body_of(request: HttpRequest, model: type[Body]) -> Body:
    """Return the JSON body as `model`; raises `BadInput` that names each field that misfits."""
    try:
        return model.model_validate_json(request.body or b"{}")
    except RequestDataTooBig:
        raise BadInput(_("The body is too large. Send less at once."), code="too_large") from None
    except ValidationError as error:
        found = misfits(error, whole="body")
        raise BadInput(_("The body does not fit: %(found)s.") % {"found": found}) from None


def _wrong_method(allowed: str) -> JsonResponse:
    message = _("This address answers %(methods)s.") % {"methods": allowed}
    refused = {"code": "method_not_allowed", "message": message}
    headers = {"Allow": allowed}
    return JsonResponse(refused, status=HTTPStatus.METHOD_NOT_ALLOWED, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a post without the token of a page gets: a program wants a key, a person the page."""
    if request.path.startswith("/api/"):
        return unauthorized(_("Send an API key in the header Authorization: Bearer."))
    return csrf.csrf_failure(request, reason)


def unauthorized(message: str) -> JsonResponse:
    """The answer to a caller without a key that works."""
    refused = {"code": "unauthorized", "message": message}
    headers = {"WWW-Authenticate": "Bearer"}
    return JsonResponse(refused, status=HTTPStatus.UNAUTHORIZED, headers=headers)
