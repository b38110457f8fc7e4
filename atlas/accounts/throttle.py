"""Slows down guessing: who fails again and again from one address has to wait."""

import datetime
import unicodedata

from django.db import connection, transaction
from django.db.models.functions import Now

from atlas.accounts.models import LoginAttempt

FREE_TRIES = 5
# Behind a proxy many people share an address, so its own limit is far above one person's.
FREE_TRIES_OF_ADDRESS = 100
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 900
FORGOTTEN_AFTER_S = 900
KEPT_FOR = datetime.timedelta(days=1)

# The try is counted before the password is looked at: many at once do not get more of them.
COUNT = """
INSERT INTO accounts_loginattempt AS a (username, address, failures, last_at)
VALUES (%(username)s, %(address)s, 1, clock_timestamp())
ON CONFLICT (username, address) DO UPDATE SET
    failures = CASE WHEN {old} THEN 1 ELSE a.failures + 1 END, last_at = clock_timestamp()
WHERE {old} OR clock_timestamp() >= a.last_at + {wait}
RETURNING failures
"""
OLD = "a.last_at < clock_timestamp() - make_interval(secs => %(forgotten)s)"
WAIT = """make_interval(secs => CASE WHEN a.failures < %(free)s THEN 0
    ELSE least(%(longest)s, %(first)s * power(2, least(a.failures - %(free)s, 20))) END)"""
REMAINING = """
SELECT ceil(extract(epoch FROM a.last_at + {wait} - clock_timestamp()))::int
FROM accounts_loginattempt AS a WHERE a.username = %(username)s AND a.address = %(address)s
"""
OF_ADDRESS = """
SELECT coalesce(sum(a.failures), 0), coalesce(ceil(extract(epoch FROM
    max(a.last_at) + make_interval(secs => %(first)s) - clock_timestamp())), 0)::int
FROM accounts_loginattempt AS a WHERE a.address = %(address)s AND NOT {old}
"""


def admit(username: str, address: str) -> int:
    """Count a try that is about to be made; returns 0, or the seconds to wait instead.

    A try that has to wait is not counted. Call `forget` when the password was right.
    """
    values: dict[str, str | int] = {
        "username": _key(username),
        "address": address[:64],
        "free": FREE_TRIES,
        "first": FIRST_WAIT_S,
        "longest": LONGEST_WAIT_S,
        "forgotten": FORGOTTEN_AFTER_S,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OF_ADDRESS.format(old=OLD), values)
        total, seconds = cursor.fetchone()
        if total >= FREE_TRIES_OF_ADDRESS and seconds > 0:
            return int(seconds)
        cursor.execute(COUNT.format(old=OLD, wait=WAIT), values)
        if cursor.fetchone() is not None:
            return 0
        cursor.execute(REMAINING.format(wait=WAIT), values)
        return max(1, int(cursor.fetchone()[0]))


def forget(username: str, address: str) -> None:
    """The password was right: the count starts anew; long past counts go as well."""
    LoginAttempt.objects.filter(username=_key(username), address=address[:64]).delete()
    LoginAttempt.objects.filter(last_at__lt=Now() - KEPT_FOR).delete()


def _key(username: str) -> str:
    """Spellings that look alike count as one name; NUL cannot be stored."""
    folded = unicodedata.normalize("NFKC", username).casefold().replace("\x00", "")
    return folded[:150]
