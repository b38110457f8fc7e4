"""What a rule would have let pass: decisions of people in the past 30 days, and no others."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from approvals.allow_rules.allowances import Allowance
from approvals.allow_rules.dry_runs import DryRun, dry_run
from approvals.filing.changing import approve_with_changes
from approvals.filing.payloads import Attachment
from approvals.models import ActionRequest
from approvals.rules.conditions import Condition, Operator
from approvals.services import withdraw
from tests.approvals.desk import approve, propose, reject, settled, start_run

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = Attachment("top.csv", ("a",), ((1,),))


@pytest.fixture
def tried(run_of_ann, ada):
    """Hold a rule on the title of notes against the past, as ada."""
    source = propose(run_of_ann, call="source", title="Source")

    def hold(title="Restock Chai", **changes):
        usual = {
            "action": "note",
            "plugin_id": source.plugin_id,
            "fingerprint": source.fingerprint,
            "conditions": (Condition("title", Operator.IS, title),),
        }
        return dry_run(Allowance(**{**usual, **changes}), ada)

    return hold


def test_it_counts_what_people_decided(run_of_ann, tried, ann, bob):
    for number in range(3):
        approve(propose(run_of_ann, call=f"call-{number}", body=str(number)), bob)
    reject(propose(run_of_ann, call="call-3", body="3"), bob)
    approve(propose(run_of_ann, call="call-4", title="Restock Tofu"), bob)
    propose(run_of_ann, call="call-5", body="waits")
    withdraw(propose(run_of_ann, call="call-6", body="withdrawn").pk, by=ann)

    found = tried()

    assert (found.decided, found.passing, found.rejected) == (5, 4, 1)
    assert found.sentence == (
        "In the past 30 days it would have passed 4 of 5 decisions, among them 1 that was rejected."
    )


def test_what_was_changed_counts_as_it_was_proposed(run_of_ann, tried, bob, main_loop):
    request = propose(run_of_ann)
    changed = {**request.arguments, "title": "Restock Tofu"}
    settled(
        approve_with_changes(
            request.pk, by=bob, payload_hash=request.payload_hash, arguments=changed
        )
    )

    assert (tried().passing, tried().changed) == (1, 1)
    assert tried().sentence.endswith(", among them 1 that was changed first.")
    assert tried("Restock Tofu").passing == 0


def test_data_that_was_read_or_attached_keeps_a_rule_from_deciding(run_of_ann, tried, bob):
    approve(propose(run_of_ann, untrusted=True), bob)
    approve(propose(run_of_ann, call="call-2", attachments=(TABLE,)), bob)

    found = tried()

    assert (found.passing, found.withheld) == (0, 2)
    assert found.withheld_sentence.startswith("2 more fit, but the agent had read or attached")


def test_the_past_ends_after_30_days(run_of_ann, tried, bob):
    request = approve(propose(run_of_ann), bob)
    rows = ActionRequest.objects.filter(pk=request.pk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("approvals.allow_rules.dry_runs.Now", lambda: Now() + timedelta(days=31))
        assert tried().decided == 0
    assert tried().decided == 1
    assert rows.exists()


def test_other_people_and_other_actions_do_not_count(run_of_ann, tried, ann, bob):
    approve(propose(run_of_ann), bob)
    approve(propose(run_of_ann, "ask", call="call-2"), bob)
    approve(propose(start_run(bob)), bob)

    assert tried().passing == 2
    assert tried(asker=ann.pk).passing == 1


def test_examples_are_only_what_the_admin_may_see(run_of_ann, tried, ada, bob):
    approve(propose(run_of_ann), bob)
    seen = approve(propose(start_run(bob, ada)), bob)

    found = tried()

    assert (found.passing, found.examples) == (2, (seen,))


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((0, 0, 0, 0), "Nobody has decided anything of this kind in the past 30 days."),
        ((1, 1, 0, 0), "In the past 30 days it would have passed 1 of 1 decision."),
        (
            (9, 7, 2, 3),
            "In the past 30 days it would have passed 7 of 9 decisions, among them 2 that were "
            "rejected and 3 that were changed first.",
        ),
    ],
)
def test_the_figures_are_told_in_one_sentence(numbers, sentence):
    assert DryRun(*numbers, withheld=0, examples=()).sentence == sentence
