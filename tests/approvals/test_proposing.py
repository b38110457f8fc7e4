"""What a proposal becomes: once, exactly, in the right mode; or a sentence that says why not."""

import dataclasses
import json
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError

from approvals.enums import Delivery, Mode, Status
from approvals.filing.payloads import digest_of
from approvals.filing.proposals import Proposal
from approvals.filing.proposing import propose as propose_from_agent
from approvals.models import ActionRequest
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.conversations.models import Run
from plugins_app.sdk import ActionFailed, Preview
from tests.approvals.desk import TABLE, WHY, propose

pytestmark = pytest.mark.django_db


def test_a_request_holds_everything_that_a_decision_needs(run_of_ann, ann):
    request = propose(run_of_ann, body="Ten boxes", attachments=(TABLE,))

    assert json.loads(request.payload) == {
        "action": "note",
        "arguments": {"title": "Restock Chai", "body": "Ten boxes", "priority": None},
        "attachments": [
            {
                "name": "top.csv",
                "columns": ["product", "revenue"],
                "rows": [["Chai", 12], ["=Tofu", 7]],
            }
        ],
    }
    assert request.payload_hash == digest_of(request.payload)
    assert (request.plugin_id, request.verb, request.summary) == (
        "desk",
        "Create ticket",
        "Create the ticket “Restock Chai”",
    )
    assert (request.mode, request.delivery, request.state) == (
        Mode.MANUAL,
        Delivery.ONCE,
        Status.PENDING,
    )
    assert (request.requester, request.requester_name) == (ann, "ann")
    assert request.conversation_id == run_of_ann.conversation_id
    assert request.why == {**dataclasses.asdict(WHY), "seen": []}
    assert request.contract == {
        "plugin_version": "1.0.0",
        "data_fields": [],
        "reversible": False,
        "fields": [
            {"name": "title", "label": "Title", "type": "string"},
            {"name": "body", "label": "Body", "type": "string"},
            {"name": "priority", "label": "Priority", "type": ""},
        ],
        "preview": {"text": "A ticket called Restock Chai", "warnings": []},
    }


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"call": "call-2"}, 2),
        ({"title": "Restock Tofu"}, 2),
        ({"action": "mail"}, 2),
        ({"attachments": (TABLE,)}, 2),
    ],
)
def test_the_same_proposal_of_a_run_is_one_request(run_of_ann, changes, count):
    first, second = propose(run_of_ann), propose(run_of_ann, **changes)

    assert ActionRequest.objects.count() == count
    assert (first.pk == second.pk) == (count == 1)


def test_a_continuation_does_not_propose_again(run_of_ann):
    first = propose(run_of_ann)
    continuation = Run.objects.create(
        conversation=run_of_ann.conversation,
        question=run_of_ann.question,
        answer=run_of_ann.answer,
        asked_by=run_of_ann.asked_by,
    )

    assert propose(continuation, call="made-anew").pk == first.pk
    assert propose(continuation, title="Restock Tofu", call="made-anew").pk != first.pk


@pytest.mark.parametrize(
    ("action", "untrusted", "modes", "mode", "reasons"),
    [
        ("ping", False, {}, Mode.AUTO, []),
        ("ping", True, {}, Mode.MANUAL, ["untrusted"]),
        ("ping", False, {"ping": Mode.ADMIN_ONLY}, Mode.ADMIN_ONLY, ["policy"]),
        ("note", False, {"note": Mode.AUTO}, Mode.MANUAL, []),
        ("note", True, {}, Mode.MANUAL, []),
        ("mail", False, {"mail": Mode.MANUAL}, Mode.ADMIN_ONLY, []),
    ],
)
def test_the_mode_is_tightened_and_never_loosened(
    run_of_ann, policy, action, untrusted, modes, mode, reasons
):
    policy(modes=modes)

    request = propose(run_of_ann, action, untrusted=untrusted)

    assert request.mode == mode
    assert request.policy["reasons"] == reasons
    assert request.untrusted is untrusted
    assert request.state is (Status.APPROVED if mode is Mode.AUTO else Status.PENDING)
    assert request.awaited is (mode is Mode.AUTO)
    assert (request.run_before is not None) is (mode is Mode.AUTO)


@pytest.mark.parametrize("changes", [{"role": "viewer"}, {"is_active": False}])
def test_who_may_not_ask_may_not_propose(run_of_ann, ann, changes):
    type(ann).objects.filter(pk=ann.pk).update(**changes)

    with pytest.raises(NotAllowed):
        propose(run_of_ann)

    assert ActionRequest.objects.count() == 0


def test_a_run_that_is_gone_proposes_nothing(run_of_ann):
    run_of_ann.pk = uuid4()

    with pytest.raises(NotFound):
        propose(run_of_ann)


def test_a_row_lost_in_a_race_is_found_again(run_of_ann, monkeypatch):
    first = propose(run_of_ann)
    seen = iter([None, first])
    monkeypatch.setattr("approvals.filing.requests._filed_before", lambda *_: next(seen))

    assert propose(run_of_ann).pk == first.pk


def test_another_fault_of_the_database_is_not_hidden(run_of_ann, monkeypatch):
    propose(run_of_ann)
    monkeypatch.setattr("approvals.filing.requests._filed_before", lambda *_: None)

    with pytest.raises(IntegrityError):
        propose(run_of_ann)


class TestFromTheAgent:
    """The whole door, with the plugin's own thread; these commit."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def ask(self, run, action="note", **arguments):
        return async_to_sync(propose_from_agent)(Proposal(action, arguments, run.pk, "call-1"))

    def test_arguments_become_the_actions_own(self, run_of_ann):
        request = self.ask(run_of_ann, title="Restock", priority="high")

        assert request.arguments == {"title": "Restock", "body": "", "priority": "high"}
        assert request.summary == "Create the ticket “Restock”"
        assert request.contract["preview"]["text"] == "A ticket called Restock"

    @pytest.mark.parametrize(
        ("action", "arguments", "code", "named"),
        [
            ("paint", {}, "unknown_action", "“paint”"),
            ("note", {}, "bad_arguments", "title: Fill this in"),
            ("note", {"title": ""}, "bad_arguments", "title: Fill this in"),
            ("note", {"title": "x" * 201}, "bad_arguments", "title: At most 200 characters fit"),
            ("note", {"title": "x", "priority": "mid"}, "bad_arguments", "priority: Input should"),
        ],
    )
    def test_what_does_not_fit_is_refused_by_name(self, run_of_ann, action, arguments, code, named):
        with pytest.raises(BadInput) as refused:
            self.ask(run_of_ann, action, **arguments)

        assert refused.value.code == code
        assert named in refused.value.user_message
        assert ActionRequest.objects.count() == 0

    def test_an_action_may_refuse_in_its_preview(self, run_of_ann, desk):
        def preview(_arguments, _ctx):
            raise ActionFailed("Mail to elsewhere.test is not allowed.")

        desk(preview=preview)

        with pytest.raises(BadInput, match=r"Mail to elsewhere\.test is not allowed"):
            self.ask(run_of_ann, title="x")

    def test_a_preview_with_warnings_is_kept(self, run_of_ann, desk):
        desk(preview=lambda _arguments, _ctx: Preview("As text", ("To outsiders",)))

        request = self.ask(run_of_ann, title="x")

        assert request.contract["preview"] == {"text": "As text", "warnings": ["To outsiders"]}
