"""Days from forms have a begin and an end, also those that nobody means."""

import datetime as dt

import pytest
from django.utils import timezone

from atlas.common.days import begin_of, end_of


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [dt.date.max, dt.date.max - dt.timedelta(days=1)])
def test_the_last_days_of_the_calendar_end_as_well(day, zone):
    with timezone.override(zone):
        assert end_of(day).astimezone(dt.UTC).year == 9999


def test_a_day_ends_where_the_next_one_begins():
    day = dt.date(2026, 3, 29)
    with timezone.override("Europe/Berlin"):
        assert end_of(day) == begin_of(dt.date(2026, 3, 30))
        assert end_of(day) - begin_of(day) == dt.timedelta(days=1)
        assert (end_of(day).astimezone(dt.UTC) - begin_of(day).astimezone(dt.UTC)) == dt.timedelta(
            hours=23
        )
