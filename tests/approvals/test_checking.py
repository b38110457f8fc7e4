"""What may be done about an outcome that nobody knows."""

import pytest

from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import checking
from approvals.models import ActionRequest
from atlas.common.db import in_db
from atlas.common.errors import BadInput, NotAllowed, NotFound
from plugins_app.sdk import Reconciled
from tests.approvals.desk import approve, propose
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unclear(run_of_ann, bob, outside):
    """Make a request whose outcome is unknown."""

    def failing():
        raise RuntimeError("connection reset")

    async def make(action="note"):
        outside.behave = failing
        request = await in_db(propose, run_of_ann, action)
        if request.status == Status.PENDING:
            await in_db(approve, request, bob)
        await run_all()
        request = await in_db(ActionRequest.objects.get, pk=request.pk)
        assert request.status == Status.UNKNOWN
        return request

    return make


@pytest.mark.parametrize("action", ["note", "ask", "ping"])
@pytest.mark.parametrize(
    ("happened", "status", "text"),
    [
        (True, Status.EXECUTED, "bob checked, and it was done: “T-1 exists”"),
        (False, Status.FAILED, "bob checked, and it was not done: “T-1 exists”"),
    ],
)
async def test_a_person_says_what_happened(unclear, bob, action, happened, status, text):
    request = await unclear(action)

    marked = await in_db(checking.mark, request.pk, by=bob, happened=happened, note="T-1 exists")

    assert marked.status == status
    assert text == (marked.result["message"] if happened else marked.error_text)


async def test_what_cannot_be_marked(unclear, run_of_ann, bob, vic, ada):
    request = await unclear()
    waiting = await in_db(propose, run_of_ann, call="call-2")

    for pk, by, note, error in [
        (request.pk, bob, " ", BadInput),
        (request.pk, bob, "x" * 1001, BadInput),
        (request.pk, vic, "I looked", NotAllowed),
        (request.pk, ada, "I looked", NotFound),
        (waiting.pk, bob, "I looked", Conflict),
    ]:
        with pytest.raises(error):
            await in_db(checking.mark, pk, by=by, happened=True, note=note)

    await in_db(checking.mark, request.pk, by=bob, happened=True, note="I looked")
    with pytest.raises(Conflict):
        await in_db(checking.mark, request.pk, by=bob, happened=False, note="I looked again")


@pytest.mark.parametrize(
    ("knows", "status"),
    [
        (Reconciled("executed", {"ticket_id": "T-9"}), Status.EXECUTED),
        (Reconciled("failed", {"message": "No such ticket"}), Status.FAILED),
    ],
)
async def test_the_other_side_is_asked_again(unclear, bob, outside, knows, status):
    request = await unclear("ask")
    outside.knows = knows

    found = await checking.ask_again(request.pk, by=bob)

    assert found.status == status
    assert len(outside.journal) == 1


async def test_what_the_other_side_says_is_cleaned(unclear, bob, outside):
    request = await unclear("ask")
    said = "No\x00 ticket; password=hunter2 " + "x" * 5000
    outside.knows = Reconciled("failed", {"message": said})

    found = await checking.ask_again(request.pk, by=bob)

    assert found.status == Status.FAILED
    assert len(found.error_text) <= 1000
    assert "hunter2" not in found.error_text
    assert "\x00" not in found.error_text


async def test_what_cannot_be_asked(unclear, bob, vic, outside):
    request = await unclear("ask")

    with pytest.raises(Conflict, match="does not know either"):
        await checking.ask_again(request.pk, by=bob)
    outside.knows = Reconciled("executed")
    with pytest.raises(NotAllowed):
        await checking.ask_again(request.pk, by=vic)
    assert (await in_db(ActionRequest.objects.get, pk=request.pk)).status == Status.UNKNOWN


async def test_an_action_without_an_answer_has_to_be_looked_up(unclear, bob):
    request = await unclear("note")

    with pytest.raises(Conflict, match="cannot be asked"):
        await checking.ask_again(request.pk, by=bob)
