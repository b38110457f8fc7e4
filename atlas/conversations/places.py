"""How many questions of one person may be answered at a time, whichever way they come."""

from django.db import connection
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.common.errors import AtlasError

MAX_RUNNING = 3

_RUNNING = """
SELECT count(*) FROM conversations_run
WHERE asked_by_id = %s AND status IN ('queued', 'running') AND kind <> 'follow_up'
"""


class TooManyError(AtlasError):
    """The person has as many questions running as one may have; nothing was changed."""

    code = "too_many_running"


def take_place(user: User) -> None:
    """Make sure that `user` may have one more run; raises `TooManyError`.

    Called in the transaction that queues it: until its end others of the same person wait. What
    follows up on requests is nobody's question and takes no place.
    """
    with connection.cursor() as cursor:
        # Two statements: the count must see what was committed while the lock was waited for.
        cursor.execute("SELECT FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [user.pk])
        cursor.execute(_RUNNING, [user.pk])
        ((running,),) = cursor.fetchall()
    if running >= MAX_RUNNING:
        raise TooManyError(
            _("Three of your questions are being answered. Wait for one, or stop it.")
        )
