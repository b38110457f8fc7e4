"""The table of moves is the one of the design, and its questions answer from it."""

import pytest

from approvals.enums import OPEN, Status
from approvals.transitions import (
    ALLOWED_MOVES,
    FIRST,
    ROLLBACK_ENDS,
    WITHDRAWABLE,
    Deadline,
)
from tests.approvals.states import next_statuses

DESIGNED = {
    "pending": {"approved", "rejected", "expired", "withdrawn", "superseded"},
    "approved": {"executing", "lapsed", "withdrawn"},
    "executing": {"executed", "failed", "unknown"},
    "unknown": {"executed", "failed"},
    "executed": {"rolling_back"},
    "rolling_back": {"rolled_back", "rollback_failed", "rollback_unknown"},
    "rollback_unknown": {"rolled_back", "rollback_failed"},
}


@pytest.mark.parametrize("before", Status)
def test_exactly_the_designed_statuses_follow(before):
    assert {status.value for status in next_statuses(before)} == DESIGNED.get(before.value, set())


def test_a_request_is_born_waiting_or_approved_by_policy():
    assert {Status.PENDING, Status.APPROVED} == FIRST


def test_every_status_can_be_reached():
    assert set(FIRST) | {after for _, after in ALLOWED_MOVES} == set(Status)


def test_no_status_is_ever_reached_twice():
    def walk(status, seen):
        assert status not in seen
        for after in next_statuses(status):
            walk(after, seen | {status})

    for first in FIRST:
        walk(first, frozenset())


@pytest.mark.parametrize(
    ("move", "deadline"),
    [
        ((Status.PENDING, Status.APPROVED), Deadline.BEFORE_EXPIRY),
        ((Status.PENDING, Status.REJECTED), Deadline.BEFORE_EXPIRY),
        ((Status.PENDING, Status.SUPERSEDED), Deadline.BEFORE_EXPIRY),
        ((Status.PENDING, Status.EXPIRED), Deadline.AFTER_EXPIRY),
        ((Status.APPROVED, Status.EXECUTING), Deadline.BEFORE_RUN_LIMIT),
    ],
)
def test_the_clock_binds_these_moves(move, deadline):
    assert ALLOWED_MOVES[move] is deadline


def test_no_other_move_is_bound_by_the_clock():
    assert sum(deadline is not Deadline.NONE for deadline in ALLOWED_MOVES.values()) == 5


def test_who_asked_may_take_it_back_until_it_begins():
    assert {Status.PENDING, Status.APPROVED} == WITHDRAWABLE


def test_only_three_statuses_are_open():
    assert {Status.PENDING, Status.APPROVED, Status.EXECUTING} == OPEN
    assert [status for status in Status if status.is_open] == [
        Status.PENDING,
        Status.APPROVED,
        Status.EXECUTING,
    ]


def test_a_roll_back_with_its_own_approval_ends_as_what_it_undoes_does():
    assert ROLLBACK_ENDS == {
        Status.ROLLED_BACK: Status.EXECUTED,
        Status.ROLLBACK_FAILED: Status.FAILED,
        Status.ROLLBACK_UNKNOWN: Status.UNKNOWN,
    }
    assert set(ROLLBACK_ENDS) == next_statuses(Status.ROLLING_BACK)
    assert set(ROLLBACK_ENDS.values()) == next_statuses(Status.EXECUTING)
