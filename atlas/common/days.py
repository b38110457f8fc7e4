"""Days as people choose them in forms, in the time zone of the pages."""

import datetime as dt

from django.utils import timezone


def begin_of(day: dt.date) -> dt.datetime:
    """The moment at which a day begins."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which the next day begins."""
    return begin_of(day + dt.timedelta(days=1))
