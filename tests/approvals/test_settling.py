"""A conversation hears once, and only once, that everything it proposed has ended."""

import pytest
from django.db.models.functions import Now

from approvals import services
from approvals.enums import Status
from approvals.execution.settling import settle_finished
from approvals.models import ActionRequest
from atlas.conversations.enums import RunKind, RunStatus
from atlas.conversations.models import Conversation, Run
from tests.approvals.desk import approve, propose, reject

pytestmark = pytest.mark.django_db


def follow_ups(run):
    return Run.objects.filter(kind=RunKind.FOLLOW_UP, follows_up=run).count()


def test_the_last_decision_queues_the_follow_up(run_of_ann, ann, bob):
    first, second = propose(run_of_ann), propose(run_of_ann, title="Restock Tofu")

    reject(first, bob)
    assert follow_ups(run_of_ann) == 0
    services.withdraw(second.pk, by=ann)
    assert follow_ups(run_of_ann) == 1


def test_an_approved_request_is_not_the_end(run_of_ann, bob):
    approve(propose(run_of_ann), bob)

    assert follow_ups(run_of_ann) == 0


def test_an_expired_request_is(run_of_ann):
    propose(run_of_ann)
    ActionRequest.objects.update(expires_at=Now())

    services.sweep()

    assert follow_ups(run_of_ann) == 1


def test_a_run_that_still_goes_on_is_followed_up_when_it_has_ended(run_of_ann, bob):
    Run.objects.filter(pk=run_of_ann.pk).update(status=RunStatus.RUNNING, finished_at=None)
    reject(propose(run_of_ann), bob)
    assert (settle_finished(), follow_ups(run_of_ann)) == (0, 0)

    Run.objects.filter(pk=run_of_ann.pk).update(status=RunStatus.DONE, finished_at=Now())

    assert (settle_finished(), follow_ups(run_of_ann)) == (1, 1)
    assert (settle_finished(), follow_ups(run_of_ann)) == (0, 1)


def test_an_outcome_that_its_run_awaits_needs_no_follow_up(run_of_ann, ann):
    request = propose(run_of_ann, "ping")
    assert request.awaited

    services.withdraw(request.pk, by=ann)

    assert (settle_finished(), follow_ups(run_of_ann)) == (0, 0)


def test_outcomes_are_told_in_the_order_of_the_proposals(run_of_ann, bob):
    first, second = propose(run_of_ann), propose(run_of_ann, "mail", title="Tell sales")
    reject(first, bob, "Enough in stock")

    outcomes = services.outcomes_of_run(run_of_ann.pk)

    assert [(o.request_id, o.action, o.status, o.sentence) for o in outcomes] == [
        (
            first.pk,
            "note",
            Status.REJECTED,
            "Rejected by bob: “Enough in stock”. Nothing was done: "
            "Create the ticket “Restock Chai”.",
        ),
        (
            second.pk,
            "mail",
            Status.PENDING,
            "Waiting for an admin to decide: Create the ticket “Tell sales”.",
        ),
    ]


def test_deleting_a_conversation_withdraws_what_waits_and_keeps_the_record(run_of_ann, ann, bob):
    waiting, approved = propose(run_of_ann), propose(run_of_ann, title="Restock Tofu")
    rejected = propose(run_of_ann, title="Restock Tea")
    approve(approved, bob)
    reject(rejected, bob)

    Conversation.objects.get(pk=run_of_ann.conversation_id).delete()

    found = dict(ActionRequest.objects.values_list("pk", "status"))
    assert found == {
        waiting.pk: "withdrawn",
        approved.pk: "withdrawn",
        rejected.pk: "rejected",
    }
    assert ActionRequest.objects.visible_to(ann).count() == 3
    assert ActionRequest.objects.visible_to(bob).count() == 0
    assert Run.objects.count() == 0
