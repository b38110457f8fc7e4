"""Pages of which htmx asks for a part, at the same address."""

from typing import cast

from django.http import HttpRequest
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

# Otherwise a browser that goes back may show the part alone, since both have one address.
page_or_part = vary_on_headers("HX-Request", "HX-Boosted")


class _HtmxRequest(HttpRequest):
    """What the middleware of django-htmx makes of a request."""

    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page; the view is decorated with `page_or_part`."""
    htmx = cast(_HtmxRequest, request).htmx
    return bool(htmx) and not htmx.boosted
