"""Sentences for what the database may answer to a command, instead of a traceback."""

import psycopg
from django.db import OperationalError
from django.db.migrations.exceptions import MigrationSchemaMissing

from atlas.runtime.logins import reason_of

NOT_MIGRATED = "The database is not up to date. Run manage.py migrate, then try again."


def sentence_of(error: BaseException) -> str:
    """What to tell the operator, or "" when the error is none that an operator can cure."""
    origins = _origins(error)
    if any(isinstance(one, psycopg.errors.UndefinedTable) for one in origins):
        return NOT_MIGRATED
    lacking = [one for one in origins if isinstance(one, psycopg.errors.InsufficientPrivilege)]
    if lacking or isinstance(error, MigrationSchemaMissing):
        return (
            f"The database's login lacks a right: {reason_of(lacking[0] if lacking else error)} "
            "Set DATABASE_OWNER_URL to a login that owns the database, or let its administrator "
            "run what manage.py db harden --print writes."
        )
    if isinstance(error, OperationalError | psycopg.OperationalError):
        return (
            f"The database did not answer: {reason_of(error)} "
            "Start it, or check DATABASE_URL, then try again."
        )
    return ""


def _origins(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and seen not in found:
        found.append(seen)
        seen = seen.__cause__ or seen.__context__
    return found
