"""Undoing what was done: who may, how often, and what is said when it is unclear."""

import pytest
from django.db.models.functions import Now

from approvals.enums import Delivery, Status
from approvals.errors import Conflict
from approvals.execution import checking
from approvals.execution.rolling_back import may_roll_back, roll_back
from approvals.models import ActionRequest
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed, NotFound
from plugins_app.sdk import ActionFailed
from tests.approvals.desk import approve, propose
from tests.approvals.executing import claim_now, run_all

pytestmark = pytest.mark.django_db(transaction=True)


def read(request):
    return ActionRequest.objects.get(pk=request.pk)


def undo_by(person, request, payload_hash=None):
    return roll_back(request.pk, by=person, payload_hash=payload_hash or request.payload_hash)


@pytest.mark.parametrize("action", ["note", "ping"])
async def test_it_is_undone_once(executed, undo, bob, action):
    request = await executed(action)
    assert await in_db(may_roll_back, request, bob)

    await in_db(undo_by, bob, request)
    await in_db(undo_by, bob, request)
    await run_all()
    await run_all()

    request = await in_db(read, request)
    assert request.status == Status.ROLLED_BACK
    assert undo.calls == [({"ticket_id": "T-1"}, f"{request.idempotency_key}-rollback")]
    assert request.result == {"ticket_id": "T-1", "rollback": {"undone": "T-1"}}
    with pytest.raises(Conflict):
        await in_db(undo_by, bob, request)
    events = await in_db(
        lambda: list(AuditEntry.objects.order_by("id").values_list("event", flat=True))
    )
    assert events[-2:] == ["request.rolling_back", "request.rolled_back"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ActionFailed("The ticket is closed"), Status.ROLLBACK_FAILED),
        (RuntimeError("connection reset"), Status.ROLLBACK_UNKNOWN),
    ],
)
async def test_an_honest_end(executed, undo, bob, error, status):
    def failing():
        raise error

    undo.behave = failing
    request = await executed()
    await in_db(undo_by, bob, request)

    await run_all()

    assert (await in_db(read, request)).status == status


@pytest.mark.parametrize(
    ("action", "status", "calls"),
    [("note", Status.ROLLBACK_UNKNOWN, 0), ("ping", Status.ROLLED_BACK, 1)],
)
async def test_a_lost_holder(executed, undo, bob, action, status, calls):
    request = await executed(action)
    await in_db(undo_by, bob, request)
    await in_db(claim_now)
    await in_db(ActionRequest.objects.filter(pk=request.pk).update, lease_until=Now())

    await run_all()

    assert (await in_db(read, request)).status == status
    assert len(undo.calls) == calls
    assert request.delivery == (Delivery.ONCE if action == "note" else Delivery.IDEMPOTENT)


async def test_an_action_that_changed_meanwhile_is_not_asked_to_undo(executed, undo, desk, bob):
    request = await executed()
    await in_db(undo_by, bob, request)
    desk(roll_back=undo, reversible=True, version="2.0.0")

    await run_all()

    request = await in_db(read, request)
    assert (request.status, request.error_code) == (Status.ROLLBACK_FAILED, "action_changed")
    assert undo.calls == []


@pytest.mark.parametrize(
    ("happened", "status"), [(True, Status.ROLLED_BACK), (False, Status.ROLLBACK_FAILED)]
)
async def test_a_person_clears_an_unknown_rollback_up(executed, undo, bob, happened, status):
    def failing():
        raise RuntimeError("connection reset")

    undo.behave = failing
    request = await executed()
    await in_db(undo_by, bob, request)
    await run_all()

    marked = await in_db(checking.mark, request.pk, by=bob, happened=happened, note="I looked")

    assert marked.status == status
    assert marked.result["ticket_id"] == "T-1"


async def test_who_and_what_is_refused(executed, run_of_ann, ann, bob, vic, ada):
    request = await executed()
    waiting = await in_db(propose, run_of_ann, call="call-2")

    for person, subject, digest, error in [
        (vic, request, None, NotAllowed),
        (ada, request, None, NotFound),
        (bob, request, "0" * 64, Conflict),
        (bob, waiting, None, Conflict),
    ]:
        with pytest.raises(error):
            await in_db(undo_by, person, subject, digest)


async def test_what_cannot_be_undone(run_of_ann, bob, desk):
    request = await in_db(approve, await in_db(propose, run_of_ann), bob)
    await run_all()

    with pytest.raises(Conflict, match="cannot be undone"):
        await in_db(undo_by, bob, request)
