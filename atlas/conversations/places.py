"""How many questions of one person may be answered at a time, whichever way they come."""

from django.db import connection
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.common.errors import AtlasError, NotAllowed

MAX_RUNNING = 3

_RUNNING = """
SELECT count(*) FROM conversations_run
WHERE asked_by_id = %s AND status IN ('queued', 'running') AND kind <> 'follow_up'
"""


class TooManyRunning(AtlasError):
    """The person has as many questions running as one may have; nothing was changed."""

    code = "too_many_running"


def take_place(user: User) -> None:
    """Make sure that `user` may have one more run; raises `TooManyRunning`, and `NotAllowed` for an
    API key with a lower role than its owner has now.

    Called in the transaction that queues it: until its end others of the same person wait. What
    follows up on requests is nobody's question and takes no place.
    """
    with connection.cursor() as cursor:
        # Two statements: the count must see what was committed while the lock was waited for.
        cursor.execute("SELECT role FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [user.pk])
        for (role,) in cursor.fetchall():
            _check_role(user, Role(role))
        cursor.execute(_RUNNING, [user.pk])
        ((running,),) = cursor.fetchall()
    if running >= MAX_RUNNING:
        raise TooManyRunning(
            _("Three of your questions are being answered. Wait for one, or stop it.")
        )


def _check_role(user: User, now: Role) -> None:
    """A run is answered with the person's own role: what is unmasked for it, a key may not see."""
    if user.is_narrowed and not user.as_role.reaches(now):
        raise NotAllowed(
            _(
                "This API key has a lower role than its owner, with whose role questions are "
                "answered. Make a key with the same role to ask."
            )
        )
