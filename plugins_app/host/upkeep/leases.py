"""Named leases in Postgres: one process holds each, and the database's clock says until when."""

from uuid import uuid4

from django.db import connection

from plugins_app.host.models import PluginLease
from plugins_app.host.upkeep.mirror import process_name

# A holder that does not renew for this long is taken to be dead.
LEASE_S = 15.0

_TAKE = """
INSERT INTO plugins_pluginlease AS lease (name, owner, since, until)
VALUES (%s, %s, now(), now() + make_interval(secs => %s))
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,
    since = CASE WHEN lease.owner = excluded.owner THEN lease.since ELSE excluded.since END
WHERE lease.owner = excluded.owner OR lease.until < now()
"""


def new_owner() -> str:
    """Return a name for this process that no later process of the same number has."""
    return f"{process_name()}:{uuid4().hex[:8]}"


def take(name: str, owner: str) -> bool:
    """Take a lease that is free or has run out, or renew one's own; False when another holds it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, owner, LEASE_S])
        return bool(cursor.rowcount)


def give_back(name: str, owner: str) -> None:
    """Let others take it at once; a lease that another holds by now is left alone."""
    PluginLease.objects.filter(name=name, owner=owner).delete()


def holder(name: str) -> PluginLease | None:
    """Return who holds a lease now."""
    return PluginLease.objects.in_force().filter(name=name).first()
