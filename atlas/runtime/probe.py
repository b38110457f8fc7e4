"""Asks the database's server what it can do for Atlas, through a login's own connection."""

from dataclasses import dataclass
from typing import Any

import psycopg

from atlas.runtime.databases import POOL

OLDEST_VERSION = 150000
# What one process may have open at once; datasources come on top where they are on this server.
CONNECTIONS = {
    "pool": int(POOL["max_size"]),
    "listening": 1,
    "events": 2,
    "owner at the start": 1,
}
CONNECTIONS_PER_PROCESS = sum(CONNECTIONS.values())

SERVER = """
    SELECT current_setting('server_version_num')::int AS version,
           current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true), '0')::int AS room,
           (SELECT count(*) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS used,
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS login_limit"""
CHANNEL = "atlas_probe"


@dataclass(frozen=True)
class Capabilities:
    """What one login finds on its server."""

    version: int
    """As server_version_num: 180006 is 18.6."""
    room: int
    """Connections that ordinary logins may open in all."""
    used: int
    """Connections open now, without the one that asked."""
    notifies: bool
    """Whether LISTEN hears; not so behind a pooler that shares connections."""

    @property
    def version_text(self) -> str:
        """The version as people write it."""
        return f"{self.version // 10000}.{self.version % 10000}"

    def more_processes(self, each: int = CONNECTIONS_PER_PROCESS) -> int:
        """How many more processes find connections when one of them needs `each`."""
        return max(0, (self.room - self.used) // each)


def probe(connection: psycopg.Connection[Any]) -> Capabilities:
    """Ask; `connection` must be in autocommit mode and is changed by nothing."""
    row = connection.execute(SERVER).fetchone()
    if row is None:
        raise psycopg.DataError("no answer")
    version, room, used, login_limit = row
    if login_limit >= 0:
        room = min(room, login_limit)
    return Capabilities(version, room, used, _hears(connection))


def _hears(connection: psycopg.Connection[Any]) -> bool:
    connection.execute(f"LISTEN {CHANNEL}")
    connection.execute(f"NOTIFY {CHANNEL}")
    heard = any(connection.notifies(timeout=1.0, stop_after=1))
    connection.execute(f"UNLISTEN {CHANNEL}")
    return heard
