"""The first admin of a new installation, made by whoever can read its data folder."""

import os
import secrets
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.common.errors import NotAllowed, NotFound

FILE = "setup-secret"
LOCK = 0x0A7D15


def is_open() -> bool:
    """Whether nobody can administrate yet, so that a first admin may be made."""
    return not User.objects.filter(role=Role.ADMIN, is_active=True).exists()


def setup_secret(data_dir: Path) -> str | None:
    """The one-time secret, made on first use (0600); None when there is an admin already."""
    if not is_open():
        return None
    path = data_dir / FILE
    if not path.exists():
        unfinished = data_dir / f"{FILE}.{os.getpid()}.new"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            # A link, unlike a rename, leaves the secret of a process that was faster.
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text().strip()


@transaction.atomic
def make_first_admin(secret: str, user: User, *, data_dir: Path) -> User:
    """Save `user`, whose password is set, as the admin; the secret never works again.

    Raises NotFound when there is an admin, and NotAllowed for another secret.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    known = setup_secret(data_dir)
    if known is None:
        raise NotFound(_("This installation has an admin. Sign in, or ask them."))
    if not secrets.compare_digest(known.encode(), secret.strip().encode("utf-8", "replace")):
        raise NotAllowed(
            _("This is not the set-up secret. Run manage.py setup_secret on the server to see it.")
        )
    user.role = Role.ADMIN
    user.save()
    record(AuditEvent.FIRST_ADMIN_MADE, actor=user, subject=f"user {user.get_username()}")
    transaction.on_commit(lambda: (data_dir / FILE).unlink(missing_ok=True))
    return user
