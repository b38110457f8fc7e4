"""The web side of interaction plugins, under /plugins/<id>/."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plugins_app.host.calling import sync
from plugins_app.host.errors import HostNotRunning
from plugins_app.host.facets import routes
from plugins_app.host.facets.routes import Answer
from plugins_app.sdk import WebRequest

# Nothing that a plugin answers runs as a page of ours.
POLICY = "default-src 'none'; sandbox"
_throttle = routes.Throttle()


# A route never learns who is signed in: cookies are taken away before it is called. So a forged
# form cannot make it act for somebody, and callers from outside need no token of ours.
@csrf_exempt
async def route(request: HttpRequest, plugin_id: str, path: str) -> HttpResponseBase:
    """Give a request to a plugin; it verifies its callers by itself."""
    caller = str(request.META.get("REMOTE_ADDR", ""))
    if not _throttle.allows(plugin_id, caller):
        return _plain(429, _("Too many requests. Try again later."))
    body = _body(request)
    if body is None:
        return _plain(413, _("This is too large."))
    given = WebRequest(
        method=str(request.method),
        path=f"/{path}",
        headers=_headers(request),
        query={name: request.GET[name] for name in request.GET},
        body=body,
    )
    try:
        answer = await sync.on_main(routes.answer(plugin_id, given))
    except HostNotRunning as error:
        answer = routes.refused(error)
    return _response(answer)


def _body(request: HttpRequest) -> bytes | None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > routes.MAX_BODY:
        return None
    body = request.read(routes.MAX_BODY + 1)
    return None if len(body) > routes.MAX_BODY else body


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items() if name != "Cookie"}


def _response(answer: Answer) -> HttpResponseBase:
    response: HttpResponseBase
    if answer.stream is not None:
        response = StreamingHttpResponse(answer.stream, status=answer.status)
    else:
        response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response["Content-Security-Policy"] = POLICY
    return response


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
