"""Own sessions to Atlas's Postgres, for what a pooled ORM connection cannot do."""

from typing import Any

import psycopg
from django.db import connections


async def connect(*, synchronous_commit: bool = True) -> psycopg.AsyncConnection[Any]:
    """Open an autocommit session as the app's login, outside the pool.

    Raises `psycopg.OperationalError` when Postgres is away.
    """
    parameters = dict(connections["default"].get_connection_params())
    for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    options = parameters.pop("options", "")
    commit = "on" if synchronous_commit else "off"
    return await psycopg.AsyncConnection.connect(
        **parameters,
        autocommit=True,
        application_name="atlas",
        options=f"{options} -c synchronous_commit={commit}".strip(),
        connect_timeout=5,
    )
