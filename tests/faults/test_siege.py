"""What the siege of the approvals looks for is found: each broken promise, by its own name."""

import dataclasses

import pytest

from tests.faults.broken import Row, violations
from tests.faults.remote import Line
from tests.faults.remote_desk import CHECKED

ROW = Row(pk=7, delivery="once", status="executed", key="k", arguments="{}", intents=1)
CALL = Line(request=7, delivery="once", key="k", arguments="{}", mode="answer", effect=True)
NOTHING = dataclasses.replace(CALL, effect=False)
BACK = dataclasses.replace(ROW, status="rolled_back", undo_intents=1)
UNDO = dataclasses.replace(CALL, verb="undo", key="k-rollback", arguments="k")
MISSED = dataclasses.replace(UNDO, effect=False)
TWICE = {"arguments": CHECKED}
ASKED = dataclasses.replace(ROW, pk=8, undoes=7, key="other", arguments=CHECKED)


@pytest.mark.parametrize(
    ("changes", "calls", "told", "problem"),
    [
        ({}, [CALL], "approve", ""),
        ({"status": "unknown"}, [CALL], "approve", ""),
        ({"status": "unknown"}, [NOTHING], "approve", ""),
        ({"status": "unknown"}, [], "approve", ""),
        ({"status": "failed"}, [NOTHING], "approve", ""),
        ({"status": "failed"}, [], "approve", ""),
        ({"status": "rejected"}, [], "reject", ""),
        ({"status": "pending"}, [], "", ""),
        ({"delivery": "idempotent", "intents": 2}, [NOTHING, CALL], "approve", ""),
        ({"intents": 2}, [CALL, CALL], "approve", "done twice"),
        ({"intents": 2}, [CALL, NOTHING], "approve", "sent twice"),
        ({"delivery": "reconcilable", "intents": 2}, [CALL, NOTHING], "approve", "sent twice"),
        ({"key": "other"}, [CALL], "approve", "sent under another key"),
        ({"arguments": '{"title": "x"}'}, [CALL], "approve", "not as approved"),
        ({"intents": 0}, [CALL], "approve", "sent without a record"),
        ({}, [NOTHING], "approve", "shown as done, and it never was"),
        ({}, [], "approve", "shown as done, and it never was"),
        ({"status": "failed"}, [CALL], "approve", "shown as failed, and it was done"),
        ({"status": "rejected"}, [CALL], "reject", "shown as rejected, and it was done"),
        ({"status": "lapsed"}, [], "approve", "decision 'approve' lost: it is lapsed"),
        ({"status": "executing"}, [], "approve", "decision 'approve' lost: it is executing"),
        ({"status": "pending"}, [], "reject", "decision 'reject' lost: it is pending"),
        ({"status": "approved"}, [], "", "decision '' lost: it is approved"),
    ],
)
def test_each_broken_promise_is_found(changes, calls, told, problem):
    row = dataclasses.replace(ROW, **changes)

    found = [text.partition(": ")[2] for text in violations([row], calls, {7: told})]

    assert problem in found if problem else found == []


def test_what_nobody_asked_for_is_found():
    assert violations([], [CALL], {}) == ["request 7: done, and nobody asked for it"]


@pytest.mark.parametrize(
    ("changes", "undos", "word", "problem"),
    [
        ({}, [UNDO], "undo", ""),
        ({"status": "rollback_unknown"}, [UNDO], "undo", ""),
        ({"status": "rollback_unknown"}, [MISSED], "undo", ""),
        ({"status": "rollback_unknown"}, [], "undo", ""),
        ({"status": "rollback_failed"}, [MISSED], "undo", ""),
        ({"status": "rollback_failed"}, [], "undo", ""),
        ({"delivery": "idempotent"}, [MISSED, UNDO], "undo", ""),
        ({}, [UNDO, UNDO], "undo", "undone twice"),
        ({}, [UNDO, MISSED], "undo", "roll back sent twice"),
        ({"key": "other"}, [UNDO], "undo", "rolled back under another key"),
        ({"key": "other"}, [UNDO], "undo", "undone is not what was done"),
        ({"undo_intents": 0}, [UNDO], "undo", "undone without a record"),
        ({}, [MISSED], "undo", "shown as undone, and it never was"),
        ({}, [], "undo", "shown as undone, and it never was"),
        (
            {"status": "rollback_failed"},
            [UNDO],
            "undo",
            "shown as rollback_failed, and it was undone",
        ),
        ({"status": "executed"}, [UNDO], "undo", "shown as executed, and it was undone"),
        ({}, [UNDO], "approve", "undone, and nobody asked for it"),
        ({}, [UNDO], "approve", "decision 'approve' lost: it is rolled_back"),
        ({"status": "executed"}, [], "undo", "roll back lost: it is executed"),
        ({"status": "rolling_back"}, [], "undo", "roll back lost: it is rolling_back"),
        (TWICE, [UNDO], "undo", "the request to undo it is lost"),
        (TWICE, [UNDO], "undo", "undone without an approval"),
    ],
)
def test_each_broken_promise_of_undoing_is_found(changes, undos, word, problem):
    row = dataclasses.replace(BACK, **changes)
    done = dataclasses.replace(CALL, key=row.key, arguments=row.arguments)

    found = [text.partition(": ")[2] for text in violations([row], [done, *undos], {7: word})]

    assert problem in found if problem else found == []


@pytest.mark.parametrize(
    ("status", "of_asked", "undos", "decision", "problem"),
    [
        ("rolled_back", "executed", [UNDO], "approve", ""),
        ("rollback_failed", "failed", [MISSED], "approve", ""),
        ("rollback_unknown", "unknown", [], "approve", ""),
        ("executed", "rejected", [], "reject", ""),
        ("rolled_back", "executed", [UNDO], "reject", "undone without an approval"),
        ("rolled_back", "executed", [UNDO], "reject", "decision 'reject' lost: it is executed"),
        ("executed", "lapsed", [], "approve", "decision 'approve' lost: it is lapsed"),
        ("executed", "rejected", [], "approve", "roll back lost: it is executed"),
        (
            "rolled_back",
            "unknown",
            [UNDO],
            "approve",
            "it is rolled_back, and the request to undo it unknown",
        ),
    ],
)
def test_a_roll_back_and_the_request_to_do_it_end_alike(status, of_asked, undos, decision, problem):
    row = dataclasses.replace(BACK, status=status, **TWICE)
    asked = dataclasses.replace(ASKED, status=of_asked)
    done = dataclasses.replace(CALL, arguments=row.arguments)

    broken = violations([row, asked], [done, *undos], {7: "undo", 8: decision})

    found = [text.partition(": ")[2] for text in broken]
    assert problem in found if problem else found == []


def test_a_request_to_undo_what_nobody_wanted_undone_is_found():
    row = dataclasses.replace(ROW, **TWICE)
    done = dataclasses.replace(CALL, arguments=row.arguments)
    asked = dataclasses.replace(ASKED, status="rejected")

    found = violations([row, asked], [done], {7: "approve", 8: "reject"})

    assert found == ["request 7 (once): its roll back was filed, and nobody asked for it"]
