"""Days as people choose them in forms, in the time zone of the pages."""

import datetime as dt

from django.utils import timezone

# The last day whose end every time zone can reckon with.
_LAST = dt.date.max - dt.timedelta(days=2)


def begin_of(day: dt.date) -> dt.datetime:
    """The moment at which a day begins."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which the next day begins; after the last days of the calendar none does."""
    return begin_of(min(day, _LAST) + dt.timedelta(days=1))
