"""How many sockets a person has open in this process, and whether their rights still hold."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlas.accounts.models import User

MAX_SOCKETS = 20

_open: Counter[int] = Counter()


@dataclass(frozen=True)
class Standing:
    """What a socket was opened with: it ends when any of it changes."""

    user_id: int
    epoch: int
    session: Any = None
    api_key_id: int | None = None


def standing_of(scope: Mapping[str, Any]) -> Standing | None:
    """What a connection stands on: the session that it came with; None for a stranger."""
    user = scope.get("user")
    if user is None or not user.is_authenticated:
        return None
    return Standing(user.pk, user.epoch, scope.get("session"))


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


def still_stands(standing: Standing) -> User | None:
    """Return the person as they are now; None when the socket must close."""
    user = User.objects.filter(pk=standing.user_id, epoch=standing.epoch, is_active=True).first()
    if user is None or not _is_signed_in(standing):
        return None
    return user


def _is_signed_in(standing: Standing) -> bool:
    session = standing.session
    return session is None or bool(session.session_key and session.exists(session.session_key))
