"""The demo's people: a viewer, two analysts and two admins."""

import secrets
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from atlas.accounts.models import User
from atlas.accounts.roles import Role

PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("vic", "Vic", Role.VIEWER),
    ("ann", "Ann", Role.ANALYST),
    ("bob", "Bob", Role.ANALYST),
    ("ada", "Ada", Role.ADMIN),
    ("abe", "Abe", Role.ADMIN),
)
# No letters that look like others: these are read from a terminal and typed.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 14
# Two demos that start together must not both make the same person.
LOCK_KEY = 0x70656F706C65


class Account(NamedTuple):
    """A new password, known only now."""

    username: str
    role: Role
    password: str


@transaction.atomic
def make_people(*, reset: bool = False) -> list[Account]:
    """Make those who are missing and return their passwords.

    With `reset` everybody gets a new password, and their role and access back; what is open in a
    browser must log in again.
    """
    with connection.cursor() as cursor:
        # Whoever is first hashes five passwords, which takes seconds on a busy machine.
        cursor.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
    accounts = []
    for username, first_name, role in PEOPLE:
        user = User.objects.select_for_update().filter(username=username).first()
        if user is not None and not reset:
            continue
        if user is None:
            user = User(username=username, email=f"{username}@example.com")
        else:
            User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
            user.refresh_from_db()
        password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
        user.first_name, user.role, user.is_active = first_name, role, True
        user.set_password(password)
        user.save()
        accounts.append(Account(username, role, password))
    return accounts
