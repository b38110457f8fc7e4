"""The database itself refuses what the table of moves does not hold."""

import itertools

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from approvals.enums import Kind, Mode, Status
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest, AllowedMove
from approvals.rules.tightening import Rule
from approvals.transitions import ALLOWED_MOVES, FIRST
from tests.approvals.desk import propose
from tests.approvals.states import next_statuses, put_at, put_rollback_at, write

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
        {"undoes_id": 0},
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


@pytest.fixture
def pair(run_of_ann, bob, policy, desk):
    """What was done, and the request to undo it that waits."""
    desk(roll_back=lambda _result, _ctx: {}, reversible=True)
    policy(rollbacks=(Rule("Another looks", two_person=True),))
    undone = put_at(propose(run_of_ann), Status.EXECUTED)
    roll_back(undone.pk, by=bob, payload_hash=undone.payload_hash)
    return ActionRequest.objects.get(undoes=undone.pk), undone


# What may become of a request to undo, by how the roll back of what it undoes stands.
ENDS_OF = {
    Status.EXECUTED: set(),
    Status.ROLLING_BACK: set(),
    Status.ROLLED_BACK: {Status.EXECUTED},
    Status.ROLLBACK_FAILED: {Status.FAILED},
    Status.ROLLBACK_UNKNOWN: {Status.UNKNOWN},
}


@pytest.mark.parametrize("undone_at", ENDS_OF)
def test_a_request_to_undo_ends_only_as_what_it_undoes_does(pair, undone_at):
    asked, undone = pair
    put_rollback_at(asked, undone, Status.APPROVED)
    write(asked, status=Status.EXECUTING)
    for step in [] if undone_at is Status.EXECUTED else [Status.ROLLING_BACK, undone_at]:
        write(undone, status=step)

    for after in next_statuses(Status.EXECUTING) - ENDS_OF[undone_at]:
        refused(status=after.value)(asked)
    for after in ENDS_OF[undone_at]:
        write(asked, status=after.value)

    asked.refresh_from_db()
    assert {asked.state} == (ENDS_OF[undone_at] or {Status.EXECUTING})


@pytest.mark.parametrize("after", [Status.EXECUTED, Status.FAILED])
def test_an_unknown_one_is_cleared_up_only_with_what_it_undoes(pair, after):
    asked, undone = pair
    put_rollback_at(asked, undone, Status.UNKNOWN)
    refused(status=after.value)(asked)

    is_done = after is Status.EXECUTED
    write(undone, status=Status.ROLLED_BACK if is_done else Status.ROLLBACK_FAILED)

    refused(status=(Status.FAILED if is_done else Status.EXECUTED).value)(asked)
    write(asked, status=after.value)


@pytest.mark.parametrize("asked_at", [Status.PENDING, Status.APPROVED])
def test_nothing_is_rolled_back_while_the_approval_of_that_waits(pair, asked_at):
    asked, undone = pair
    put_rollback_at(asked, undone, asked_at)

    refused(status=Status.ROLLING_BACK.value)(undone)


@pytest.mark.parametrize("ended_at", [Status.REJECTED, Status.EXPIRED, Status.WITHDRAWN])
def test_a_refused_one_stands_in_nobodys_way(pair, ended_at):
    asked, undone = pair
    put_rollback_at(asked, undone, ended_at)

    write(undone, status=Status.ROLLING_BACK)


def test_a_request_to_undo_is_never_replaced_nor_undone(pair):
    asked, undone = pair
    refused(status=Status.SUPERSEDED.value)(asked)
    put_rollback_at(asked, undone, Status.EXECUTED)

    refused(status=Status.ROLLING_BACK.value)(asked)


def copy_of(asked, **changes):
    """The same request once more, not stored yet."""
    copy = ActionRequest.objects.get(pk=asked.pk)
    copy.pk, copy.idempotency_key = None, "00000000-0000-0000-0000-000000000001"
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def test_only_one_at_a_time_asks_to_undo(pair):
    with pytest.raises(DatabaseError, match="request_undone_by_one"), transaction.atomic():
        copy_of(pair[0]).save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"undoes": None},
        {"kind": "action"},
        {"mode": Mode.AUTO, "status": Status.APPROVED, "decided_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_request_to_undo_is_born_waiting_and_names_what_it_undoes(pair, changes):
    asked, undone = pair
    put_rollback_at(asked, undone, Status.REJECTED)

    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(asked, **{"status": Status.PENDING, **changes}).save(force_insert=True)
    copy_of(asked, status=Status.PENDING).save(force_insert=True)


@pytest.mark.parametrize("at", sorted(set(Status) - {Status.EXECUTED}))
def test_only_what_was_done_can_be_asked_to_be_undone(pair, run_of_ann, at):
    asked, undone = pair
    put_rollback_at(asked, undone, Status.REJECTED)
    other = put_at(propose(run_of_ann, call="call-2"), at)

    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(asked, status=Status.PENDING, undoes=other).save(force_insert=True)


@pytest.mark.parametrize("kind", [Kind.ROLLBACK, Kind.QUERY])
def test_only_an_action_is_undone(pair, kind):
    asked, undone = pair
    if kind is Kind.ROLLBACK:
        target = put_rollback_at(asked, undone, Status.EXECUTED)
    else:
        query = copy_of(undone, kind=kind, status=Status.PENDING, tool_call_id="query")
        query.save(force_insert=True)
        put_rollback_at(asked, undone, Status.REJECTED)
        target = put_at(query, Status.EXECUTED)

    with pytest.raises(DatabaseError), transaction.atomic():
        copy_of(asked, status=Status.PENDING, undoes=target).save(force_insert=True)
