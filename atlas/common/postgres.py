"""Own sessions to Atlas's Postgres, for what a pooled ORM connection cannot do."""

from typing import Any

import psycopg
from django.db import connections

CONNECT_TIMEOUT_S = 5
# A session that only listens notices a server that vanished, or a firewall that forgot it, within
# about a minute instead of hours; the same for what was sent and is never acknowledged.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


async def connect(*, synchronous_commit: bool = True) -> psycopg.AsyncConnection[Any]:
    """Open an autocommit session as the app's login, outside the pool.

    Raises `psycopg.OperationalError` when Postgres is away.
    """
    parameters = dict(connections["default"].get_connection_params())
    for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    options = parameters.pop("options", "")
    commit = "on" if synchronous_commit else "off"
    # What DATABASE_URL says wins, except where this session could not work with it.
    own: dict[str, Any] = {"application_name": "atlas", "connect_timeout": CONNECT_TIMEOUT_S}
    own |= KEEPALIVE | parameters
    own |= {"autocommit": True, "options": f"{options} -c synchronous_commit={commit}".strip()}
    return await psycopg.AsyncConnection.connect(**own)
