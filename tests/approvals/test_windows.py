"""Freezes begin and end by the clock of their time zone; days too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from approvals.rules.tightening import covers
from approvals.rules.windows import DailyLimit, Dated, Freeze, Weekly, day_of, frozen
from atlas.common.errors import AtlasError

BERLIN = "Europe/Berlin"
WEEKEND = Weekly("fri 18:00", "mon 08:00", BERLIN)
OFFICE = Weekly("tue 09:00", "thu 17:00", "UTC")
HOLIDAYS = Dated("2026-12-24 12:00", "2027-01-02 08:00", BERLIN)


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("window", "now", "end"),
    [
        # 2026-11-27 is a Friday.
        (WEEKEND, at("2026-11-27 17:59", BERLIN), None),
        (WEEKEND, at("2026-11-27 16:59"), None),
        (WEEKEND, at("2026-11-27 17:00"), at("2026-11-30 08:00", BERLIN)),
        (WEEKEND, at("2026-11-29 03:00", BERLIN), at("2026-11-30 08:00", BERLIN)),
        (WEEKEND, at("2026-11-30 07:59:59", BERLIN), at("2026-11-30 08:00", BERLIN)),
        (WEEKEND, at("2026-11-30 08:00", BERLIN), None),
        (OFFICE, at("2026-11-24 08:59"), None),
        (OFFICE, at("2026-11-25 00:00"), at("2026-11-26 17:00")),
        (OFFICE, at("2026-11-26 17:00"), None),
        # The clock is put back on 2026-10-25, in the middle of this weekend.
        (WEEKEND, at("2026-10-23 16:00"), at("2026-10-26 07:00")),
        (Weekly("mon 08:00", "mon 07:00", "UTC"), at("2026-11-30 09:00"), at("2026-12-07 07:00")),
        (Weekly("mon 08:00", "mon 07:00", "UTC"), at("2026-11-30 07:30"), None),
        (HOLIDAYS, at("2026-12-24 10:59"), None),
        (HOLIDAYS, at("2026-12-24 11:00"), at("2027-01-02 07:00")),
        (HOLIDAYS, at("2027-01-02 07:00"), None),
    ],
)
def test_a_window_says_when_it_ends(window, now, end):
    assert window.end_after(now) == end


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Weekly("fri 18:00", "mon 08:00", "Mars/Base"), "no time zone “Mars/Base”"),
        (lambda: Weekly("fri 18:00", "mon 08:00", "../../etc/passwd"), "no time zone"),
        (lambda: Weekly("friday", "mon 08:00", "UTC"), "no day and time"),
        (lambda: Weekly("fri 18:00", "fri 18:00", "UTC"), "no length"),
        (lambda: Dated("2026-12-24", "2027-01-02 08:00", "UTC"), "no moment"),
        (lambda: Dated("2027-01-02 08:00", "2026-12-24 12:00", "UTC"), "no length"),
        (lambda: DailyLimit(("pay",), 0), "at least one"),
        (lambda: DailyLimit("pay", 5), "in a tuple"),
        (lambda: DailyLimit(("pay",), 5, zone="Nowhere"), "no time zone"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_start(make, sentence):
    with pytest.raises(AtlasError, match=sentence):
        make()


def test_the_longest_freeze_of_an_action_counts():
    now = at("2026-12-26 12:00")
    freezes = (
        Freeze("weekend", WEEKEND),
        Freeze("holidays", HOLIDAYS, ("pay",)),
        Freeze("office", OFFICE),
    )

    assert frozen(freezes, "pay", now) == (freezes[1], at("2027-01-02 07:00"))
    assert frozen(freezes, "mail", now) == (freezes[0], at("2026-12-28 07:00"))
    assert frozen(freezes, "mail", at("2026-12-28 12:00")) is None


@pytest.mark.parametrize("allows", [False, True])
@pytest.mark.parametrize("undoing", [False, True])
@pytest.mark.parametrize(("action", "is_covered"), [("pay", True), ("mail", False)])
def test_nothing_is_undone_in_a_freeze_that_does_not_allow_it(action, is_covered, undoing, allows):
    freeze = Freeze("weekend", WEEKEND, ("pay",), allows_rollbacks=allows)

    found = frozen((freeze,), action, at("2026-11-29 03:00", BERLIN), undoing=undoing)

    assert (found is not None) is (is_covered and not (undoing and allows))


def test_a_freeze_allows_no_roll_backs_unless_it_says_so():
    assert Freeze("weekend", WEEKEND).allows_rollbacks is False


@pytest.mark.parametrize(
    ("zone", "now", "start", "end"),
    [
        ("UTC", at("2026-11-23 23:30"), at("2026-11-23 00:00"), at("2026-11-24 00:00")),
        (BERLIN, at("2026-11-23 23:30"), at("2026-11-23 23:00"), at("2026-11-24 23:00")),
        (BERLIN, at("2026-10-25 12:00"), at("2026-10-24 22:00"), at("2026-10-25 23:00")),
    ],
)
def test_a_day_is_that_of_its_zone(zone, now, start, end):
    assert day_of(now, zone) == (start, end)


def test_a_limit_on_everything_is_counted_in_any_zone():
    assert DailyLimit(("*",), 1, zone=BERLIN).most == 1


def test_a_star_stands_for_every_action():
    assert covers(("*",), "pay")
    assert covers(("mail", "pay"), "pay")
    assert not covers(("mail",), "pay")
