"""Pages of which htmx asks for a part, at the same address."""

from django.http import HttpRequest
from django.views.decorators.vary import vary_on_headers

# Otherwise a browser that goes back may show the part alone, since both have one address.
page_or_part = vary_on_headers("HX-Request", "HX-Boosted")


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page; the view is decorated with `page_or_part`."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
