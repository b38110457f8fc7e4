"""Sends wake-ups; they leave when the surrounding transaction commits."""

from django.db import connection

from atlas.bus.topics import Topic, is_key


def notify(topic: Topic, key: str) -> None:
    """Wake whoever subscribes to `topic`, in every process, after the commit.

    Raises `ValueError` when `key` is not made of ids.
    """
    if not is_key(key):
        raise ValueError(f"not a key of the bus: {key[:40]!r}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [topic.channel, key])
