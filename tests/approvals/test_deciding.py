"""Who gets what answer when deciding, and what a decision leaves behind."""

import pytest
from django.db.models.functions import Now

from approvals import services
from approvals.enums import Decision, Status
from approvals.errors import Conflict
from approvals.models import ActionRequest
from approvals.policies import Policy
from atlas.audit.models import AuditEntry
from atlas.common.errors import BadInput, NotAllowed, NotFound
from tests.approvals.desk import approve, propose, reject

pytestmark = pytest.mark.django_db

DONE = None


@pytest.fixture
def people(ann, bob, vic, ada, abe, django_user_model):
    """ann asks, bob takes part, vic reads; ada and abe are admins elsewhere, eve is nobody here."""
    eve = django_user_model.objects.create_user("eve", role="analyst")
    return {"ann": ann, "bob": bob, "vic": vic, "ada": ada, "abe": abe, "eve": eve}


def audited(request):
    entries = AuditEntry.objects.filter(subject=f"request {request.pk}").order_by("id")
    return [(entry.event, entry.actor_name) for entry in entries]


@pytest.mark.parametrize("decide", [approve, reject])
@pytest.mark.parametrize(
    ("action", "name", "refusal"),
    [
        ("note", "ann", DONE),
        ("note", "bob", DONE),
        ("note", "vic", NotAllowed("Viewers can read requests, but not decide them.")),
        ("note", "ada", NotFound("There is no such request, or you may not see it.")),
        ("note", "eve", NotFound("There is no such request, or you may not see it.")),
        ("mail", "ada", DONE),
        ("mail", "abe", DONE),
        ("mail", "ann", NotAllowed("Only an admin can decide this request.")),
        ("mail", "bob", NotAllowed("Only an admin can decide this request.")),
        ("mail", "vic", NotAllowed("Viewers can read requests, but not decide them.")),
        ("mail", "eve", NotFound("There is no such request, or you may not see it.")),
    ],
)
def test_who_may_decide(people, run_of_ann, decide, action, name, refusal):
    request = propose(run_of_ann, action)

    if refusal is DONE:
        decided = decide(request, people[name])
        expected = Status.APPROVED if decide is approve else Status.REJECTED
        assert (decided.state, decided.decided_by) == (expected, people[name])
        assert decided.votes.count() == 1
    else:
        with pytest.raises(type(refusal)) as refused:
            decide(request, people[name])
        request.refresh_from_db()
        assert refused.value.user_message == refusal.user_message
        assert (request.state, request.votes.count()) == (Status.PENDING, 0)


@pytest.mark.parametrize(
    ("others", "self_approval", "sentence"),
    [
        (True, False, "You asked for this, so another admin has to decide."),
        (True, True, "You asked for this, so another admin has to decide."),
        (
            False,
            False,
            "You asked for this and there is no other admin. Make a second person admin, or set "
            "approvals.admin_self_approval.",
        ),
        (False, True, DONE),
    ],
)
def test_an_admin_decides_own_requests_only_where_nobody_else_could(
    run_of_ann, ann, ada, policy, others, self_approval, sentence
):
    policy(admin_self_approval=self_approval)
    ann.role = "admin"
    ann.save()
    ada.is_active = others
    ada.save()
    request = propose(run_of_ann, "mail")

    assert ActionRequest.objects.decidable_by(ann).exists() == (sentence is DONE)
    if sentence is DONE:
        assert approve(request, ann).state is Status.APPROVED
    else:
        with pytest.raises(NotAllowed) as refused:
            approve(request, ann)
        assert refused.value.user_message == sentence


def test_an_approval_leaves_vote_deadline_and_record(run_of_ann, bob):
    request = approve(propose(run_of_ann), bob)

    vote = request.votes.get()
    assert (vote.voter, vote.voter_name, vote.decision) == (bob, "bob", Decision.APPROVE)
    assert request.run_before - request.decided_at == Policy().time_to_run
    assert request.expires_at - request.created_at == Policy().time_to_decide
    assert audited(request) == [("request.proposed", "ann"), ("request.approved", "bob")]


def test_a_rejection_keeps_its_reason(run_of_ann, bob):
    request = reject(propose(run_of_ann), bob, "  Chai is\x00 discontinued ")

    assert request.reason == "Chai is\ufffd discontinued"
    assert request.votes.get().reason == request.reason
    assert request.finished_at is not None
    assert audited(request)[-1] == ("request.rejected", "bob")
    assert services.outcome_of(request).sentence == (
        "Rejected by bob: “Chai is\ufffd discontinued”. Nothing was done: "
        "Create the ticket “Restock Chai”."
    )


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_rejection_needs_a_usable_reason(run_of_ann, bob, reason):
    request = propose(run_of_ann)

    with pytest.raises(BadInput):
        reject(request, bob, reason)

    request.refresh_from_db()
    assert request.state is Status.PENDING


@pytest.mark.parametrize("forged", ["", "0" * 64, "x"])
def test_the_hash_must_be_the_one_of_the_request(run_of_ann, bob, forged):
    request = propose(run_of_ann)

    with pytest.raises(Conflict) as refused:
        services.approve(request.pk, by=bob, payload_hash=forged)

    assert refused.value.code == "payload_changed"
    request.refresh_from_db()
    assert request.state is Status.PENDING


def test_a_second_click_changes_nothing(run_of_ann, bob):
    request = propose(run_of_ann)

    first, second = approve(request, bob), approve(request, bob)

    assert (second.version, second.decided_at) == (first.version, first.decided_at)
    assert request.votes.count() == 1
    assert len(audited(request)) == 2


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (approve, reject, "Approved by ann; it runs in a moment:"),
        (reject, approve, "Rejected by ann: “Not now”. Nothing was done:"),
        (approve, approve, "Approved by ann; it runs in a moment:"),
    ],
)
def test_the_second_person_is_told_what_the_first_decided(
    run_of_ann, ann, bob, first, second, sentence
):
    request = propose(run_of_ann)
    first(request, ann)

    with pytest.raises(Conflict) as refused:
        second(request, bob)

    assert refused.value.user_message == f"{sentence} Create the ticket “Restock Chai”."
    assert request.votes.count() == 1


def test_nobody_decides_after_the_time_is_over(run_of_ann, bob):
    request = propose(run_of_ann)
    ActionRequest.objects.update(expires_at=Now())

    with pytest.raises(Conflict) as refused:
        approve(request, bob)

    assert refused.value.code == "expired"
    assert request.votes.count() == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"role": "viewer"}, NotAllowed), ({"is_active": False}, NotFound)],
)
def test_rights_count_as_they_are_at_the_click(run_of_ann, bob, changes, refusal):
    request = propose(run_of_ann)
    type(bob).objects.filter(pk=bob.pk).update(**changes)

    with pytest.raises(refusal):
        approve(request, bob)


@pytest.mark.parametrize("before", [Status.PENDING, Status.APPROVED])
def test_the_requester_takes_it_back_before_it_runs(run_of_ann, ann, bob, before):
    request = propose(run_of_ann)
    if before is Status.APPROVED:
        approve(request, bob)

    withdrawn = services.withdraw(request.pk, by=ann)

    assert withdrawn.state is Status.WITHDRAWN
    assert audited(request)[-1] == ("request.withdrawn", "ann")


def test_only_the_requester_withdraws_and_only_in_time(run_of_ann, ann, bob):
    request = propose(run_of_ann)

    with pytest.raises(NotAllowed):
        services.withdraw(request.pk, by=bob)
    reject(request, bob)
    with pytest.raises(Conflict):
        services.withdraw(request.pk, by=ann)


@pytest.mark.parametrize(
    ("action", "name", "sees", "decides"),
    [
        ("note", "ann", 1, 1),
        ("note", "bob", 1, 1),
        ("note", "vic", 1, 0),
        ("note", "ada", 0, 0),
        ("note", "eve", 0, 0),
        ("mail", "ann", 1, 0),
        ("mail", "bob", 1, 0),
        ("mail", "vic", 1, 0),
        ("mail", "ada", 1, 1),
        ("mail", "eve", 0, 0),
    ],
)
def test_who_sees_and_whose_decision_is_waited_for(people, run_of_ann, action, name, sees, decides):
    request = propose(run_of_ann, action)
    person = people[name]

    assert ActionRequest.objects.visible_to(person).count() == sees
    assert ActionRequest.objects.decidable_by(person).count() == decides
    assert services.pending_count(person) == decides
    decidable = ActionRequest.objects.decidable_by(person)
    ActionRequest.objects.update(expires_at=Now())
    assert decidable.all().count() == 0
    assert request.pk


def test_a_sweep_ends_what_is_overdue_and_nothing_else(run_of_ann, bob):
    late, waiting, slow, quick = [propose(run_of_ann, title=t, call=t) for t in "abcd"]
    approve(slow, bob)
    approve(quick, bob)
    ActionRequest.objects.filter(pk=late.pk).update(expires_at=Now())
    ActionRequest.objects.filter(pk=slow.pk).update(run_before=Now())

    assert services.sweep() == 2
    assert services.sweep() == 0

    found = dict(ActionRequest.objects.values_list("pk", "status"))
    assert found == {
        late.pk: "expired",
        waiting.pk: "pending",
        slow.pk: "lapsed",
        quick.pk: "approved",
    }
    assert audited(late)[-1] == ("request.expired", "atlas")
    assert audited(slow)[-1] == ("request.lapsed", "atlas")
