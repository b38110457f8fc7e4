"""Who asks for a page, in views that only people reach who are signed in."""

from django.http import Http404, HttpRequest

from atlas.accounts.models import User


def person(request: HttpRequest) -> User:
    """Return whoever is signed in; raises `Http404` for a stranger, as if there were no page."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
