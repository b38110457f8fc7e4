"""Neither what became of a request nor its short form tells a value that is withheld."""

import json

import pytest

from approvals.api.requests import action_out
from approvals.cards.card import render_card
from approvals.deciding.delegation import ballot_of
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import checking
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.rules.tightening import Rule
from tests.approvals.desk import approve, propose, start_run
from tests.approvals.hidden import propose_after_reading, show_all
from tests.approvals.states import put_rollback_at
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db

LONG = "Chai costs twelve, and nobody else may know"


@pytest.fixture
def hidden_from_ada(desk, ann, bob, ada):
    """File what ann's agent proposes after it read rows that ada does not see."""

    def file(**options):
        desk(data_fields=("title", "body"), **options)
        return propose_after_reading(ann, bob, ada, body=LONG)

    yield file
    show_all()


def shown_to(person, request):
    """All that the card and the API show of it to the person."""
    stored = ActionRequest.objects.get(pk=request.pk)
    out = action_out(stored, ballot_of(stored, person)).model_dump(mode="json")
    return render_card(stored, person) + json.dumps(out)


def ended(request, by, to, **changes):
    """The request after it was approved and carried out."""
    approve(request, by)
    request.refresh_from_db()
    move(request, Status.EXECUTING)
    move(request, to, **changes)
    return request


@pytest.mark.parametrize(
    "attempt",
    [
        lambda one, by: roll_back(one.pk, by=by, payload_hash="0" * 64),
        lambda one, by: checking.mark(one.pk, by=by, happened=True, note="I looked"),
    ],
    ids=["undo", "found"],
)
def test_a_refused_attempt_tells_no_value(hidden_from_ada, ada, bob, attempt):
    request = hidden_from_ada()
    approve(request, bob)

    with pytest.raises(Conflict) as refused:
        attempt(request, ada)

    assert "Chai" not in refused.value.user_message
    assert "(withheld from you)" in refused.value.user_message


def test_a_summary_that_shortens_a_value_is_withheld(hidden_from_ada, ada):
    request = hidden_from_ada(summary=lambda arguments: f"Note “{arguments.body[:17]}…”")
    assert "Chai costs twelve" in request.summary

    assert "Chai costs" not in shown_to(ada, request)


def test_what_the_action_gave_back_is_withheld(hidden_from_ada, ada, bob):
    request = ended(
        hidden_from_ada(), bob, Status.EXECUTED, result={"message": "Filed about Chai", "id": "T-1"}
    )

    assert "about Chai" not in shown_to(ada, request)


@pytest.fixture
def asked(hidden_from_ada, bob, policy):
    """The request to undo what was done, which bob asked for and somebody else has to approve."""
    policy(rollbacks=(Rule("Another looks", two_person=True),))
    undo = {"roll_back": lambda _result, _ctx: {}, "reversible": True}
    request = ended(
        hidden_from_ada(**undo), bob, Status.EXECUTED, result={"message": "Filed about Chai"}
    )
    roll_back(request.pk, by=bob, payload_hash=request.payload_hash)
    return ActionRequest.objects.get(undoes=request.pk)


def test_the_request_to_undo_it_withholds_as_much(asked, ada):
    assert "Filed about Chai" in asked.contract["preview"]["text"]

    shown = shown_to(ada, asked)

    assert "about Chai" not in shown
    assert "Restock Chai" not in shown
    assert "(withheld from you)" in shown
    put_rollback_at(asked, asked.undoes, Status.EXECUTED)
    ActionRequest.objects.filter(pk=asked.pk).update(result={"message": "Took back Chai"})
    assert "Took back" not in shown_to(ada, asked)


def test_the_card_of_what_was_done_withholds_why_its_roll_back_failed(asked, ada):
    put_rollback_at(asked, asked.undoes, Status.FAILED)
    ActionRequest.objects.filter(pk=asked.pk).update(error_text="No Chai to take back")

    shown = shown_to(ada, asked.undoes)

    assert "bob asked for its roll back" in shown
    assert "No Chai" not in shown
    show_all()
    assert "No Chai to take back." in shown_to(ada, asked.undoes)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_what_the_action_said_when_it_failed_is_withheld(hidden_from_ada, ada, bob, status):
    request = ended(
        hidden_from_ada(), bob, status, error_code="failed", error_text="No product Chai"
    )

    assert "No product" not in shown_to(ada, request)


def test_who_sees_the_data_is_told_all_of_it(desk, ann, bob):
    desk(data_fields=("title",))
    request = propose(start_run(ann, bob), title="Restock Chai")
    ended(request, bob, Status.EXECUTED, result={"message": "Filed about Chai"})

    assert "Filed about Chai" in shown_to(bob, request)


def test_the_history_in_admin_shows_neither_summary_nor_log(hidden_from_ada, ada):
    request = hidden_from_ada()
    ActionRequest.objects.filter(pk=request.pk).update(log="Looked up Chai\n")
    client = client_of(ada)

    page = client.get(f"/admin/approvals/actionrequest/{request.pk}/change/").content.decode()
    listing = client.get("/admin/approvals/actionrequest/").content.decode()
    found = client.get("/admin/approvals/actionrequest/?q=Chai").content.decode()

    assert "Looked up" not in page
    assert "Restock Chai" not in page + listing + found
    assert "0 action requests" in found
