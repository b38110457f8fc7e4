"""Looks whether the database answers and fits this version of Atlas, before anything uses it."""

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from atlas.common.errors import AtlasError
from atlas.env import Environment
from atlas.runtime.databases import database_urls
from atlas.runtime.logins import logins_of, reason_of

CONNECT_TIMEOUT_S = 10
MOST_NAMED = 3
UNREACHABLE = "database_unreachable"


def check_database(env: Environment) -> None:
    """Raise AtlasError unless the running login gets in and every migration is applied, no more."""
    urls = database_urls(env)
    try:
        # Not by the pool, which would try for its whole patience without saying why.
        psycopg.connect(urls[0], connect_timeout=CONNECT_TIMEOUT_S).close()
    except psycopg.Error as error:
        raise unreachable(logins_of(*urls).app, error) from error
    loader = MigrationLoader(connections["default"])
    connections["default"].close()
    refuse_newer(loader)
    if waiting := missing_migrations(loader):
        raise AtlasError(
            f"The database is not up to date: {_named(waiting)} waiting. Run manage.py migrate, "
            "then start Atlas again.",
            code="database_not_migrated",
        )


def check_not_newer(connection: BaseDatabaseWrapper) -> None:
    """Raise AtlasError when a newer version of Atlas has migrated this database."""
    refuse_newer(MigrationLoader(connection))


def refuse_newer(loader: MigrationLoader) -> None:
    """Raise AtlasError when migrations were applied that this version does not have."""
    # Tables of packages that were removed may stay; only apps that are still here can be newer.
    unknown = sorted(
        name
        for name in set(loader.applied_migrations) - set(loader.disk_migrations)
        if name[0] in loader.migrated_apps
    )
    if unknown:
        raise AtlasError(
            f"The database was made by a newer version of Atlas: {_named(unknown)} unknown here. "
            "Install that version again, or restore a backup from before. Nothing was changed.",
            code="database_newer",
        )


def missing_migrations(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The migrations of this version that are not applied."""
    return sorted(set(loader.disk_migrations) - set(loader.applied_migrations))


def unreachable(login: str, error: Exception) -> AtlasError:
    """The sentence for a database that does not let a login in."""
    return AtlasError(
        f"Atlas's database does not let {login or 'Atlas'} in: {reason_of(error)} "
        "Start it, or check DATABASE_URL and DATABASE_OWNER_URL.",
        code=UNREACHABLE,
    )


def _named(migrations: list[tuple[str, str]]) -> str:
    names = [f"{app}.{name}" for app, name in migrations[:MOST_NAMED]]
    more = len(migrations) - len(names)
    listed = ", ".join(names) + (f" and {more} more" if more else "")
    return f"{listed} {'is' if len(migrations) == 1 else 'are'}"
