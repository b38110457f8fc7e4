"""The one function that moves: only from what the row still is, and only in time."""

import pytest
from django.db.models.functions import Now

from approvals.enums import Status
from approvals.models import ActionRequest
from approvals.moves import move
from tests.approvals.desk import approve, propose

pytestmark = pytest.mark.django_db


def test_a_stale_copy_moves_nothing(run_of_ann, bob):
    stale = propose(run_of_ann)
    approve(ActionRequest.objects.get(pk=stale.pk), bob)

    assert move(stale, Status.REJECTED) is False
    assert move(stale, Status.WITHDRAWN) is False

    stale.refresh_from_db()
    assert stale.state is Status.APPROVED


def test_a_claim_in_between_makes_a_copy_stale(run_of_ann):
    stale = propose(run_of_ann)
    ActionRequest.objects.update(fence=stale.fence + 1)

    assert move(stale, Status.WITHDRAWN) is False


def test_a_move_outside_the_table_is_a_programming_error(run_of_ann):
    with pytest.raises(KeyError):
        move(propose(run_of_ann), Status.EXECUTED)


@pytest.mark.parametrize(
    ("to", "column", "before", "after"),
    [
        (Status.REJECTED, "expires_at", True, False),
        (Status.SUPERSEDED, "expires_at", True, False),
        (Status.EXPIRED, "expires_at", False, True),
        (Status.WITHDRAWN, "expires_at", True, True),
        (Status.EXECUTING, "run_before", True, False),
        (Status.LAPSED, "run_before", True, True),
    ],
)
@pytest.mark.parametrize("is_over", [False, True])
def test_the_databases_clock_decides(run_of_ann, bob, to, column, before, after, is_over):
    request = propose(run_of_ann)
    if column == "run_before":
        approve(request, bob)
    if is_over:
        ActionRequest.objects.update(**{column: Now()})
    request = ActionRequest.objects.get(pk=request.pk)

    assert move(request, to) is (after if is_over else before)


def test_a_move_stamps_what_it_means(run_of_ann, bob):
    request = approve(propose(run_of_ann), bob)
    assert (request.finished_at, request.executing_at, request.attempts) == (None, None, 0)

    request = ActionRequest.objects.get(pk=request.pk)
    move(request, Status.EXECUTING)
    assert (request.executing_at is not None, request.attempts) == (True, 1)
    assert request.finished_at is None

    move(request, Status.UNKNOWN, error_code="lost")
    assert (request.finished_at is not None, request.error_code) == (True, "lost")
    assert (request.lease_owner, request.lease_until) == ("", None)
