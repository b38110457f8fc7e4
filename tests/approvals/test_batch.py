"""Several requests decided at once, each with its own result."""

import pytest

from approvals.enums import Status
from approvals.models import ActionRequest
from tests.approvals.desk import propose, reject
from tests.approvals.test_change_page import client_of

pytestmark = pytest.mark.django_db


def key(request, digest=None):
    return f"{request.pk}:{digest or request.payload_hash}"


def post(person, chosen, decision="approve", reason="", follow=False):
    data = {"request": chosen, "decision": decision, "reason": reason}
    return client_of(person).post("/approvals/batch/", data, follow=follow)


def statuses():
    return list(ActionRequest.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def requests(run_of_ann):
    return [propose(run_of_ann, title=f"Note {n}", call=f"call-{n}") for n in range(3)]


@pytest.mark.parametrize(
    ("decision", "reason", "status"),
    [("approve", "", Status.APPROVED), ("reject", "Enough", Status.REJECTED)],
)
def test_what_is_selected_is_decided(requests, bob, decision, reason, status):
    page = post(bob, [key(one) for one in requests[:2]], decision, reason).content.decode()

    assert "2 of 2 requests decided" in page
    assert statuses() == [status, status, Status.PENDING]


def test_each_row_says_what_became_of_it(requests, run_of_ann, ann, bob):
    reject(requests[1], ann)
    mail = propose(run_of_ann, "mail", call="call-9")
    chosen = [
        key(requests[0]),
        key(requests[1]),
        key(requests[2], "0" * 64),
        key(mail),
        "999999:" + "1" * 64,
    ]

    page = post(bob, chosen).content.decode()

    assert "1 of 5 requests decided" in page
    for said in (
        "Approved by bob; it runs in a moment: Create the ticket “Note 0”.",
        "Rejected by ann: “Not now”.",
        "Read the card again.",
        "Only an admin can decide this request.",
        "There is no such request, or you may not see it.",
    ):
        assert said in page
    assert statuses() == [Status.APPROVED, Status.REJECTED, Status.PENDING, Status.PENDING]


@pytest.mark.parametrize(
    ("decision", "reason", "count", "said"),
    [
        ("approve", "", 0, "Select at least one request first."),
        ("approve", "", 101, "Select at most 100 requests at once."),
        ("reject", " ", 1, "Say why you reject them;"),
        ("reject", "x" * 1001, 1, "at most 1000 characters"),
        ("destroy", "", 1, "destroy is not one of the available choices."),
    ],
)
def test_what_cannot_be_done_changes_nothing(requests, bob, decision, reason, count, said):
    chosen = ([key(requests[0])] + [f"{n}:{'0' * 64}" for n in range(200)])[:count]

    page = post(bob, chosen, decision, reason, follow=True).content.decode()

    assert said in page
    assert statuses() == [Status.PENDING] * 3


def test_only_what_one_may_decide_can_be_selected(requests, run_of_ann, bob, vic):
    mail = propose(run_of_ann, "mail", call="call-9")

    page = client_of(bob).get("/approvals/?filter=all").content.decode()

    assert page.count('form="batch"') == 3
    assert key(requests[0]) in page
    assert key(mail) not in page
    assert 'form="batch"' not in client_of(vic).get("/approvals/?filter=all").content.decode()
    card = client_of(bob).get(f"/approvals/{requests[0].pk}/").content.decode()
    assert 'form="batch"' not in card


def test_strangers_and_gets_are_refused(client, requests, bob):
    assert client.post("/approvals/batch/")["Location"].startswith("/accounts/login/")
    assert client_of(bob).get("/approvals/batch/").status_code == 405
