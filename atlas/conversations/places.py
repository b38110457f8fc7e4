"""How many questions of one person may be answered at a time, whichever way they come."""

from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.common.errors import AtlasError
from atlas.conversations.enums import RunKind
from atlas.conversations.models import Run

MAX_RUNNING = 3


class TooManyError(AtlasError):
    """The person has as many questions running as one may have; nothing was changed."""

    code = "too_many_running"


def take_place(user: User) -> None:
    """Make sure that `user` may have one more run; raises `TooManyError`.

    Called in the transaction that queues it: until its end others of the same person wait. What
    follows up on requests is nobody's question and takes no place.
    """
    # Two statements: the count must see what was committed while the lock was waited for.
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
    running = Run.objects.unfinished().filter(asked_by=user).exclude(kind=RunKind.FOLLOW_UP)
    if running.count() >= MAX_RUNNING:
        raise TooManyError(
            _("Three of your questions are being answered. Wait for one, or stop it.")
        )
