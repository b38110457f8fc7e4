"""Where Atlas's own tables are, as Django's DATABASES, for the login that runs and the owner."""

import functools
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from atlas.common.errors import AtlasError
from atlas.env import Environment
from atlas.runtime.local_postgres import LocalPostgres
from atlas.runtime.logins import APP_LOGIN, DATABASE, OWNER_LOGIN
from atlas.runtime.secrets import load_secrets

# A process that stands still in a transaction must not hold its rows for ever.
APP_LIMITS = (
    "-c application_name=atlas -c statement_timeout=5s -c lock_timeout=2s"
    " -c idle_in_transaction_session_timeout=60s"
)
# An attempt that goes on for long after an outage waits longer and longer, and blocks others.
POOL = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 2}


def database_settings(env: Environment) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` runs Atlas, `owner` migrates; connects to nothing.

    Both are the same login when only DATABASE_URL is set. Raises AtlasError for a URL that
    cannot be read.
    """
    app_url, owner_url = database_urls(env)
    app = _connection(app_url, "DATABASE_URL")
    owner = _connection(owner_url, "DATABASE_OWNER_URL")
    app["OPTIONS"] |= {
        "pool": dict(POOL),
        "options": f"{APP_LIMITS} {app['OPTIONS'].get('options', '')}".strip(),
    }
    # The pool asks a connection whether it still lives, so a restarted server costs no error page.
    app["CONN_HEALTH_CHECKS"] = True
    owner["TEST"]["MIRROR"] = "default"
    return {"default": app, "owner": owner}


def database_urls(env: Environment) -> tuple[str, str]:
    """The URLs of the running login and of the owner."""
    if env.database_url is None:
        local = local_postgres(env)
        return local.url(APP_LOGIN, DATABASE), local.url(OWNER_LOGIN, DATABASE)
    app = env.database_url.get_secret_value()
    owner = env.database_owner_url.get_secret_value() if env.database_owner_url else app
    return app, owner


@functools.cache
def local_postgres(env: Environment) -> LocalPostgres:
    """The local PostgreSQL of this installation: one object per process, not started by this."""
    return LocalPostgres(env.data_dir, load_secrets(env.data_dir))


def _connection(url: str, variable: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise AtlasError(
            f"{variable} is not an address of a PostgreSQL database. "
            "Write it as postgresql://login:password@host:5432/database.",
            code="database_url",
        ) from None  # the cause holds the password
    name = parts.pop("dbname", None) or parts.get("user")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": parts,
        "TEST": {"NAME": f"test_{name}"},
    }
