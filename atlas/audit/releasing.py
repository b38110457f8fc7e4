"""Removes rows of the audit log by the login that owns it; the app's login may not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import ProgrammingError, connections, transaction
from django.db.backends.utils import CursorWrapper

from atlas.common.errors import AtlasError

OWNER = "owner"


class NotOwner(AtlasError):
    """Whoever runs the command may not remove anything."""

    code = "not_owner"


@contextmanager
def releasing() -> Iterator["Release"]:
    """One transaction of the owner; raises `NotOwner` for a login that does not own the log."""
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield Release(cursor)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        raise NotOwner(
            "This login may not remove entries. Set DATABASE_OWNER_URL to the login that migrates."
        ) from error


class Release:
    """Lets deletions through the triggers, one table at a time."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self.cursor = cursor

    def delete(self, table: str, condition: str, values: list[Any]) -> int:
        """Delete from one of the log's tables; returns how many rows."""
        self.cursor.execute("SELECT set_config('atlas.audit_removal', %s, true)", [table])
        self.cursor.execute(f"DELETE FROM {table} WHERE {condition}", values)  # noqa: S608 - constants only
        count: int = self.cursor.rowcount
        self.cursor.execute("SELECT set_config('atlas.audit_removal', '', true)")
        return count
