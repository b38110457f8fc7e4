"""One exact sentence for each status; a new status without one fails here."""

import pytest

from approvals.cards.sentences import card_sentence, closing_sentence, undoing_sentence
from approvals.enums import Kind, Mode, Status
from approvals.execution.results import ResultField, result_fields
from approvals.models import ActionRequest

TICKET = "Create the ticket “Restock Chai”"
SENTENCES = {
    Status.PENDING: f"Waiting for approval: {TICKET}.",
    Status.APPROVED: f"Approved by bob; it runs in a moment: {TICKET}.",
    Status.REJECTED: f"Rejected by bob: “Enough in stock”. Nothing was done: {TICKET}.",
    Status.EXPIRED: f"Nobody decided in time, so nothing was done: {TICKET}.",
    Status.WITHDRAWN: f"Withdrawn by bob. Nothing was done: {TICKET}.",
    Status.SUPERSEDED: f"Replaced by a changed request. Nothing was done: {TICKET}.",
    Status.EXECUTING: f"In progress: {TICKET}.",
    Status.LAPSED: (
        f"Approved, but not carried out: {TICKET}. The queue is closed. "
        "Ask again to propose it anew."
    ),
    Status.EXECUTED: f"Done: {TICKET}. Ticket ID: T-1.",
    Status.FAILED: f"Failed, and nothing was done: {TICKET}. The queue is closed.",
    Status.UNKNOWN: (
        f"It is not known whether this happened: {TICKET}. The queue is closed. "
        "Check in the other system before you ask again."
    ),
    Status.ROLLING_BACK: f"Being rolled back: {TICKET}.",
    Status.ROLLED_BACK: f"Rolled back: {TICKET}.",
    Status.ROLLBACK_FAILED: f"It was done and could not be rolled back: {TICKET}.",
    Status.ROLLBACK_UNKNOWN: (
        f"It is not known whether the rollback happened: {TICKET}. Check in the other system."
    ),
}


ON_CARD = {
    Status.PENDING: "Waiting for approval.",
    Status.APPROVED: "Approved by bob; it runs in a moment.",
    Status.REJECTED: "Rejected by bob: “Enough in stock”. Nothing was done.",
    Status.EXPIRED: "Nobody decided in time, so nothing was done.",
    Status.WITHDRAWN: "Withdrawn by bob. Nothing was done.",
    Status.SUPERSEDED: "Replaced by a changed request. Nothing was done.",
    Status.EXECUTING: "Approved by bob; it is in progress.",
    Status.LAPSED: (
        "Approved by bob, but not carried out. The queue is closed. Ask again to propose it anew."
    ),
    Status.EXECUTED: "Approved by bob, and done.",
    Status.FAILED: "Approved by bob, but it failed and nothing was done. The queue is closed.",
    Status.UNKNOWN: (
        "Approved by bob, but it is not known whether it happened. The queue is closed. "
        "Check in the other system before you ask again."
    ),
    Status.ROLLING_BACK: "It was done and is being rolled back.",
    Status.ROLLED_BACK: "It was done and rolled back.",
    Status.ROLLBACK_FAILED: "It was done and could not be rolled back.",
    Status.ROLLBACK_UNKNOWN: (
        "It was done, and it is not known whether the rollback happened. Check in the other system."
    ),
}


UNDO = f"Undo request 12: {TICKET}"
OF_ROLLBACKS = {
    Status.PENDING: f"The roll back waits for approval: {UNDO}.",
    Status.APPROVED: f"Approved by bob; it is rolled back in a moment: {UNDO}.",
    Status.REJECTED: f"Rejected by bob: “Enough in stock”. Nothing was undone: {UNDO}.",
    Status.EXPIRED: f"Nobody decided in time, so nothing was undone: {UNDO}.",
    Status.WITHDRAWN: f"Withdrawn by bob. Nothing was undone: {UNDO}.",
    Status.EXECUTING: f"Being rolled back: {UNDO}.",
    Status.LAPSED: (
        f"Approved, but not rolled back: {UNDO}. The queue is closed. Ask for the roll back again."
    ),
    Status.EXECUTED: f"Rolled back: {UNDO}. Ticket ID: T-1.",
    Status.FAILED: f"It could not be rolled back: {UNDO}. The queue is closed.",
    Status.UNKNOWN: (
        f"It is not known whether the rollback happened: {UNDO}. The queue is closed. "
        "Check in the other system."
    ),
}
ROLLBACKS_ON_CARD = {
    Status.PENDING: "The roll back waits for approval.",
    Status.APPROVED: "Approved by bob; it is rolled back in a moment.",
    Status.REJECTED: "Rejected by bob: “Enough in stock”. Nothing was undone.",
    Status.EXPIRED: "Nobody decided in time, so nothing was undone.",
    Status.WITHDRAWN: "Withdrawn by bob. Nothing was undone.",
    Status.EXECUTING: "Approved by bob; it is being rolled back.",
    Status.LAPSED: (
        "Approved by bob, but not rolled back. The queue is closed. Ask for the roll back again."
    ),
    Status.EXECUTED: "Approved by bob, and rolled back.",
    Status.FAILED: "Approved by bob, but it could not be rolled back. The queue is closed.",
    Status.UNKNOWN: (
        "Approved by bob, but it is not known whether the rollback happened. The queue is closed. "
        "Check in the other system, and say on the card of what was done what you found."
    ),
}
ASKED = "ann asked for its roll back"
ON_UNDONE = {
    Status.PENDING: f"{ASKED}, which waits for approval.",
    Status.APPROVED: f"{ASKED}, and bob approved it; it begins in a moment.",
    Status.REJECTED: f"{ASKED}, and bob rejected it: “Enough in stock”. Nothing was undone.",
    Status.EXPIRED: f"{ASKED}. Nobody decided in time, so nothing was undone.",
    Status.WITHDRAWN: f"{ASKED}, and bob withdrew that. Nothing was undone.",
    Status.EXECUTING: f"{ASKED}, and bob approved it.",
    Status.LAPSED: (
        f"{ASKED}, and bob approved it, but nothing was undone. The queue is closed. "
        "Ask for the roll back again."
    ),
    Status.EXECUTED: f"{ASKED}, and bob approved it.",
    Status.FAILED: f"{ASKED}, and bob approved it. The queue is closed.",
    Status.UNKNOWN: f"{ASKED}, and bob approved it. The queue is closed.",
}
# What a request to undo another one never is: the database refuses it.
NEVER_OF_ROLLBACKS = {
    Status.SUPERSEDED,
    Status.ROLLING_BACK,
    Status.ROLLED_BACK,
    Status.ROLLBACK_FAILED,
    Status.ROLLBACK_UNKNOWN,
}


def request_at(status, **changes):
    values = {
        "summary": TICKET,
        "mode": Mode.MANUAL,
        "decided_by_name": "bob",
        "reason": "Enough in stock",
        "error_text": "The queue is closed",
        "result": {"ticket_id": "T-1"},
    }
    return ActionRequest(status=status, **{**values, **changes})


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_sentence(status):
    assert closing_sentence(request_at(status)) == SENTENCES[status]


@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_sentence_on_the_card(status):
    assert card_sentence(request_at(status)) == ON_CARD[status]


@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_OF_ROLLBACKS))
def test_every_status_of_a_roll_back_has_its_sentences(status):
    request = request_at(status, kind=Kind.ROLLBACK, summary=UNDO, requester_name="ann")

    assert (closing_sentence(request), card_sentence(request), undoing_sentence(request)) == (
        OF_ROLLBACKS[status],
        ROLLBACKS_ON_CARD[status],
        ON_UNDONE[status],
    )


def test_the_card_of_what_would_be_undone_says_until_when_that_is_held():
    request = request_at(
        Status.APPROVED, kind=Kind.ROLLBACK, requester_name="ann", held_because=HELD
    )

    assert undoing_sentence(request) == f"{ASKED}. Approved by bob, and held. {HELD}"


@pytest.mark.parametrize(
    ("status", "changes", "sentence"),
    [
        (
            Status.PENDING,
            {"mode": Mode.ADMIN_ONLY},
            f"Waiting for an admin to decide: {TICKET}.",
        ),
        (
            Status.APPROVED,
            {"mode": Mode.AUTO, "decided_by_name": ""},
            f"Approved by the policy of this action; it runs in a moment: {TICKET}.",
        ),
        (Status.EXECUTED, {"result": {}}, f"Done: {TICKET}."),
        (
            Status.EXECUTED,
            {"result": {"message": "Ticket T-1 is open", "ticket_id": "T-1"}},
            f"Done: {TICKET}. Ticket T-1 is open.",
        ),
        (Status.EXECUTED, {"result": {"sent": True, "ids": [1]}}, f"Done: {TICKET}. Sent: True."),
        (
            Status.FAILED,
            {"error_text": ""},
            f"Failed, and nothing was done: {TICKET}. No reason was given.",
        ),
        (
            Status.EXPIRED,
            {"summary": "Is it?"},
            "Nobody decided in time, so nothing was done: Is it?",
        ),
    ],
)
def test_sentences_follow_what_is_known(status, changes, sentence):
    assert closing_sentence(request_at(status, **changes)) == sentence


HELD = "“Stocktaking” lets nothing be undone before noon."


@pytest.mark.parametrize(
    ("status", "kind", "alone", "on_card"),
    [
        (
            Status.ROLLING_BACK,
            Kind.ACTION,
            f"The roll back is held: {TICKET}. {HELD}",
            f"It was done, and its roll back is held. {HELD}",
        ),
        (
            Status.APPROVED,
            Kind.ROLLBACK,
            f"Approved by bob, and held: {TICKET}. {HELD}",
            f"Approved by bob, and held. {HELD}",
        ),
        (
            Status.ROLLED_BACK,
            Kind.ACTION,
            f"Rolled back: {TICKET}.",
            "It was done and rolled back.",
        ),
    ],
)
def test_what_is_held_says_until_when(status, kind, alone, on_card):
    request = request_at(status, kind=kind, held_because=HELD)

    assert (closing_sentence(request), card_sentence(request)) == (alone, on_card)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://desk.example.com/T-1", "https://desk.example.com/T-1"),
        ("http://desk/T-1", "http://desk/T-1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//desk.example.com", ""),
        ("https://", ""),
        ("http://[", ""),
        ("T-1", ""),
        (7, ""),
    ],
)
def test_only_web_addresses_become_links(value, url):
    request = request_at(Status.EXECUTED, result={"url": value, "empty": "", "none": None})

    assert result_fields(request) == (ResultField("Link", str(value), url),)
