"""What surrounds Django's migrate: one process at a time, and grants for the app's login."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from atlas.runtime.grants import grant_statements
from atlas.runtime.logins import Logins

LOCK = 0x0A71A5


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold an advisory lock, so that processes that start together do not migrate together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        # A connection that broke has let go of the lock already.
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def restrictions() -> dict[str, tuple[str, ...]]:
    """Tables on which the app has fewer privileges: models with `app_privileges`, by table name."""
    found: dict[str, tuple[str, ...]] = {"django_migrations": ("SELECT",)}
    for model in apps.get_models(include_auto_created=True):
        privileges = getattr(model, "app_privileges", None)
        if privileges is not None:
            found[model._meta.db_table] = tuple(privileges)
    return found


def apply_grants(connection: BaseDatabaseWrapper, logins: Logins) -> None:
    """Let the app's login use the owner's tables; nothing to do when there is one login."""
    if not logins.are_two:
        return
    existing = set(connection.introspection.table_names())
    known = {table: rights for table, rights in restrictions().items() if table in existing}
    # At once, so that nobody ever has the rights that the restrictions take away again.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in grant_statements(
            app=logins.app, owner=logins.owner, database=logins.database, restrictions=known
        ):
            cursor.execute(statement)
