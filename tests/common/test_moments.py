"""Moments on pages: the server's own time with its zone, marked up for the browser's."""

from datetime import UTC, datetime

import pytest
from django.test import override_settings
from django.utils import timezone

from atlas.common.moments import moment

NOON = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 'data-shown="exact">March 1, 2026, 9:05 p.m. JST</time>'),
        ({"form": "time"}, 'data-shown="time">9:05 p.m. JST</time>'),
        ({"form": "day"}, 'data-shown="day">March 1, 2026 JST</time>'),
        ({"text": "just now"}, '">just now</time>'),
        ({"text": "<b>", "classes": 'x"y'}, 'class="x&quot;y">&lt;b&gt;</time>'),
    ],
)
def test_the_server_writes_its_time_with_its_zone(options, expected):
    with override_settings(TIME_ZONE="Asia/Tokyo"), timezone.override("Asia/Tokyo"):
        drawn = moment(NOON, **options)

    assert drawn.startswith('<time datetime="2026-03-01T21:05:00+09:00"')
    assert 'title="March 1, 2026, 9:05 p.m. JST"' in drawn
    assert drawn.endswith(expected)


def test_what_is_not_known_is_left_out():
    assert moment(None) == ""
