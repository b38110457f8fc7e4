"""Days and moments as people type them after a command."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import make_aware


def moment(text: str) -> datetime:
    """A day, which begins in the installation's time zone, or a moment of ISO 8601."""
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)) is not None:
            found = datetime(day.year, day.month, day.day)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text} is no date. Write it like 2026-01-31 or 2026-01-31T12:00.")
    return found if found.tzinfo else make_aware(found)
