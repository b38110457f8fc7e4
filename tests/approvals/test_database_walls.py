"""The database itself refuses what the table of moves does not hold."""

import itertools

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from approvals.enums import Mode, Status
from approvals.models import ActionRequest, AllowedMove
from approvals.transitions import ALLOWED_MOVES, FIRST, next_statuses
from tests.approvals.desk import propose
from tests.approvals.states import put_at, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(run_of_ann):
    """Return a request that stands at a status."""

    def at(status):
        return put_at(propose(run_of_ann), status)

    return at


def refused(**columns):
    def attempt(request):
        with pytest.raises(DatabaseError), transaction.atomic():
            write(request, **columns)

    return attempt


def test_the_database_holds_the_table_of_the_code():
    stored = set(AllowedMove.objects.values_list("before", "after"))

    expected = {(before.value, after.value) for before, after in ALLOWED_MOVES}
    assert stored == expected | {("", status.value) for status in FIRST}


@pytest.mark.parametrize("before", Status)
def test_every_move_outside_the_table_is_refused(place, before):
    request = place(before)

    for after in set(Status) - next_statuses(before) - {before}:
        refused(status=after.value)(request)
    refused(status="anything")(request)

    request.refresh_from_db()
    assert request.state is before


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED_MOVES))
def test_every_move_of_the_table_is_possible(place, before, after):
    request = place(before)

    write(request, status=after.value)

    request.refresh_from_db()
    assert request.state is after


@pytest.mark.parametrize(
    "columns",
    [
        {"payload": "{}"},
        {"payload_hash": "0" * 64},
        {"action": "mail"},
        {"plugin_id": "other"},
        {"summary": "Something else"},
        {"verb": "Look"},
        {"fingerprint": "0" * 64},
        {"contract": "{}"},
        {"delivery": "idempotent"},
        {"mode": "auto"},
        {"policy": "{}"},
        {"why": "{}"},
        {"untrusted": True},
        {"requester_name": "eve"},
        {"requester_id": 0},
        {"conversation_id": "00000000-0000-0000-0000-000000000000"},
        {"question_id": "00000000-0000-0000-0000-000000000000"},
        {"origin_run_id": "00000000-0000-0000-0000-000000000000"},
        {"tool_call_id": "other"},
        {"idempotency_key": "00000000-0000-0000-0000-000000000000"},
        {"version": 2},
        {"created_at": "2020-01-01"},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_what_is_asked_for_never_changes(place, columns):
    refused(**columns)(place(Status.PENDING))


def test_the_hash_must_fit_the_payload(run_of_ann):
    request = propose(run_of_ann)
    copy = ActionRequest.objects.get(pk=request.pk)
    copy.pk = None
    copy.idempotency_key = "00000000-0000-0000-0000-000000000001"
    copy.tool_call_id = "forged"
    copy.payload = request.payload.replace("Chai", "Tofu")

    with pytest.raises(DatabaseError, match="request_hash_fits_payload"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.parametrize(("mode", "status"), list(itertools.product(Mode, Status)))
def test_a_request_is_born_waiting_or_approved_by_policy(run_of_ann, mode, status):
    request = propose(run_of_ann)
    born = ActionRequest.objects.get(pk=request.pk)
    born.pk, born.mode, born.status = None, mode, status
    born.tool_call_id, born.decided_at = "other", request.created_at
    born.idempotency_key = "00000000-0000-0000-0000-000000000001"
    may_be_born = status is Status.PENDING or (status is Status.APPROVED and mode is Mode.AUTO)

    if may_be_born:
        born.save(force_insert=True)
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            born.save(force_insert=True)

    assert ActionRequest.objects.count() == 1 + may_be_born


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM approvals_actionrequest",
        "DELETE FROM approvals_vote",
        "INSERT INTO approvals_allowed_move VALUES ('rejected', 'approved')",
        "UPDATE approvals_allowed_move SET after = 'executed'",
        "DELETE FROM approvals_allowed_move",
        "ALTER TABLE approvals_actionrequest DISABLE TRIGGER guard_request",
    ],
)
def test_the_running_login_cannot_go_round_the_walls(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
