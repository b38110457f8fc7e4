"""Whose a socket is and in which language, whether that still holds, and how many there are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.auth import UserLazyObject
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.functional import LazyObject, empty
from django.utils.translation import get_language_from_request

from atlas.accounts.api_keys import authenticate_bearer
from atlas.accounts.models import User

MAX_SOCKETS = 20

# Both are read anew for each message: what a socket was opened with does not know that its
# session ended or that the person's rights changed.
_PERSON = """
SELECT person.*, session.session_data FROM accounts_user AS person
LEFT JOIN django_session AS session
    ON session.session_key = %s AND session.expire_date > statement_timestamp()
WHERE person.id = %s AND person.epoch = %s AND person.is_active
"""

_open: Counter[int] = Counter()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a socket was opened with: a session, or an `Authorization` header with an API key."""

    user_id: int
    epoch: int
    session_key: str | None = None
    authorization: str = field(default="", repr=False)


def standing_of(scope: Mapping[str, Any], *, with_keys: bool) -> Standing | None:
    """What a connection stands on; None for a stranger.

    A header that is no working key never falls back to the session.
    """
    authorization = _header(scope, b"authorization")
    if authorization:
        bearer = authenticate_bearer(authorization) if with_keys else None
        if bearer is None:
            return None
        return Standing(bearer.user.pk, bearer.user.epoch, authorization=authorization)
    user = scope.get("user")
    if user is None or not user.is_authenticated:
        return None
    session = scope.get("session")
    key = None if session is None else session.session_key or ""
    return Standing(user.pk, user.epoch, key)


def let_go(scope: Mapping[str, Any]) -> None:
    """Keep no copy of the user and the session with the socket: both are read anew each time."""
    user, session = scope.get("user"), scope.get("session")
    if isinstance(user, UserLazyObject):
        user._wrapped = empty
    if isinstance(session, LazyObject):
        session._wrapped = type(session._wrapped)(session.session_key)


def still_stands(standing: Standing) -> User | None:
    """Return the person with the rights of now; None when the socket must close."""
    if standing.authorization:
        bearer = authenticate_bearer(standing.authorization)
        user = bearer.user if bearer else None
        return user if user and user.epoch == standing.epoch else None
    found = User.objects.raw(_PERSON, [standing.session_key, standing.user_id, standing.epoch])
    person = next(iter(found), None)
    return person if person and _is_signed_in(standing, person) else None


def language_of(scope: Mapping[str, Any]) -> str:
    """The language in which the same browser is shown its pages."""
    request = HttpRequest()
    request.COOKIES = dict(scope.get("cookies") or {})
    request.META["HTTP_ACCEPT_LANGUAGE"] = _header(scope, b"accept-language")
    return get_language_from_request(request)


def enter(user_id: int) -> bool:
    """Count a socket; False when the person has too many, and then it is not counted."""
    if _open[user_id] >= MAX_SOCKETS:
        return False
    _open[user_id] += 1
    return True


def leave(user_id: int) -> None:
    _open[user_id] -= 1
    if _open[user_id] <= 0:
        del _open[user_id]


def _is_signed_in(standing: Standing, person: User) -> bool:
    if standing.session_key is None:
        return True
    data: str | None = person.session_data  # type: ignore[attr-defined]  # beside the columns of the row
    return bool(data and SessionStore().decode(data).get(SESSION_KEY) == str(standing.user_id))


def _header(scope: Mapping[str, Any], wanted: bytes) -> str:
    found = [value for name, value in scope.get("headers", ()) if name.lower() == wanted]
    return found[0].decode("latin-1") if found else ""
