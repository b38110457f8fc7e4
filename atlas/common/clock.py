"""The clock that all processes share: the database's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The moment at which this very call reached the database, also within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    found: datetime = now
    return found
