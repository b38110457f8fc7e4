"""What the siege of the approvals looks for is found: each broken promise, by its own name."""

import dataclasses

import pytest

from tests.faults.remote import Line
from tests.faults.siege import Row, violations

ROW = Row(pk=7, delivery="once", status="executed", key="k", arguments="{}", intents=1)
CALL = Line(request=7, delivery="once", key="k", arguments="{}", mode="answer", effect=True)
NOTHING = dataclasses.replace(CALL, effect=False)


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
