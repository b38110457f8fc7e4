"""A roll back that the policy wants approved by itself: a request of its own, run at most once."""

import asyncio
import dataclasses
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now
from django.test import Client

from approvals import for_plugins, halting, services
from approvals.cards.card import cards_for, render_card
from approvals.cards.sentences import closing_sentence
from approvals.enums import Kind, Mode, Status
from approvals.errors import Conflict
from approvals.execution import attempts, checking, claims, undoing
from approvals.execution.rolling_back import roll_back
from approvals.filing.changing import approve_with_changes
from approvals.models import ActionRequest
from approvals.rules.conditions import Condition, Operator
from approvals.rules.explaining import explain
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Origin, Rule
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed
from atlas.conversations.models import Participant
from plugins_app.host.facets import actions
from plugins_app.sdk import ActionFailed
from tests.approvals.desk import approve, reject, settled
from tests.approvals.executing import QUICK, run_all
from tests.approvals.states import put_rollback_at

pytestmark = pytest.mark.django_db(transaction=True)

BY_ANOTHER = Rule("Another looks", two_person=True)


@pytest.fixture
def done(executed):
    return settled(executed())


@pytest.fixture
def asked(done, bob, policy):
    """The request to undo what ann's request did, asked for by bob; ann has to approve it."""
    policy(rollbacks=(BY_ANOTHER,))
    ask(done, bob)
    return rollback_of(done)


def ask(request, person, **how):
    return roll_back(request.pk, by=person, payload_hash=request.payload_hash, **how)


def rollback_of(request):
    return ActionRequest.objects.get(undoes=request.pk)


def carry_out():
    """Let the approved request begin, and then what it undoes."""
    for _turn in range(2):
        settled(run_all())


def status_of(request):
    request.refresh_from_db()
    return request.state


def test_it_waits_as_a_request_and_nothing_moves_before(done, asked, ann, bob, undo):
    assert (asked.kind, asked.state, asked.as_mode) == (Kind.ROLLBACK, Status.PENDING, Mode.MANUAL)
    assert asked.payload_hash not in ("", done.payload_hash)
    with pytest.raises(NotAllowed, match="somebody else has to decide"):
        approve(asked, bob)
    carry_out()
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])

    approve(asked, ann)
    assert status_of(done) is Status.EXECUTED
    carry_out()
    carry_out()

    assert (status_of(asked), status_of(done)) == (Status.EXECUTED, Status.ROLLED_BACK)
    assert undo.calls == [({"ticket_id": "T-1"}, f"{done.idempotency_key}-rollback")]
    assert asked.result == {"undone": "T-1"}


def test_a_second_click_files_nothing_more(done, asked, ann, bob):
    ask(done, bob)
    ask(done, ann)

    assert rollback_of(done) == asked


def test_after_a_refusal_it_can_be_asked_for_again(done, asked, ann, bob, undo):
    reject(asked, ann, "Keep it")
    carry_out()
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])
    assert "Keep it" in closing_sentence(ActionRequest.objects.get(pk=asked.pk))

    ask(done, bob)

    again = ActionRequest.objects.get(undoes=done.pk, status=Status.PENDING)
    assert again != asked


@pytest.mark.parametrize(
    ("end", "status", "of_done"),
    [
        (ActionFailed("The ticket is closed"), Status.FAILED, Status.ROLLBACK_FAILED),
        (RuntimeError("connection reset"), Status.UNKNOWN, Status.ROLLBACK_UNKNOWN),
    ],
)
def test_both_end_alike_and_honestly(done, asked, ann, undo, end, status, of_done):
    def failing():
        raise end

    undo.behave = failing
    approve(asked, ann)

    carry_out()

    assert (status_of(asked), status_of(done)) == (status, of_done)
    assert asked.error_text == done.error_text


@pytest.mark.parametrize(
    ("happened", "status", "of_done"),
    [
        (True, Status.EXECUTED, Status.ROLLED_BACK),
        (False, Status.FAILED, Status.ROLLBACK_FAILED),
    ],
)
def test_what_a_person_found_clears_both_up(done, asked, ann, bob, undo, happened, status, of_done):
    def failing():
        raise RuntimeError("connection reset")

    undo.behave = failing
    approve(asked, ann)
    carry_out()
    with pytest.raises(NotAllowed):
        checking.mark(asked.pk, by=bob, happened=happened, note="I looked")

    checking.mark(done.pk, by=bob, happened=happened, note="I looked")

    assert (status_of(asked), status_of(done)) == (status, of_done)


def test_the_log_tells_of_both(done, asked, ann, bob):
    approve(asked, ann)
    carry_out()

    rows = AuditEntry.objects.order_by("id").values_list("event", "subject", "actor_name")
    assert list(rows)[-6:] == [
        ("request.proposed", f"request {asked.pk}", "bob"),
        ("request.approved", f"request {asked.pk}", "ann"),
        ("request.executing", f"request {asked.pk}", "atlas"),
        ("request.rolling_back", f"request {done.pk}", "atlas"),
        ("request.executed", f"request {asked.pk}", "atlas"),
        ("request.rolled_back", f"request {done.pk}", "atlas"),
    ]


def stricter(_people, policy):
    policy(rollbacks=(Rule("Two look", two_person=True, approvals=2),))


def asker_left(people, _policy):
    User.objects.filter(pk=people["bob"].pk).update(is_active=False)


def decider_became_viewer(people, _policy):
    User.objects.filter(pk=people["ann"].pk).update(role=Role.VIEWER)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (stricter, "policy_changed"),
        (asker_left, "requester_not_allowed"),
        (decider_became_viewer, "decider_not_allowed"),
    ],
)
def test_what_changed_since_the_approval_lets_it_lapse(
    done, asked, ann, bob, policy, undo, event, code
):
    approve(asked, ann)
    event({"ann": ann, "bob": bob}, policy)

    carry_out()

    assert (status_of(asked), asked.error_code) == (Status.LAPSED, code)
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])


@pytest.mark.parametrize(
    ("plugin", "code"),
    [
        ({"reversible": True, "version": "2.0.0"}, "action_changed"),
        ({"reversible": False}, "action_gone"),
    ],
)
def test_another_plugin_lets_it_lapse(done, asked, ann, desk, undo, plugin, code):
    approve(asked, ann)
    desk(roll_back=undo, **plugin)

    carry_out()

    assert (status_of(asked), asked.error_code) == (Status.LAPSED, code)
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])


def test_a_result_that_changed_is_not_undone_under_the_old_approval(done, asked, ann, undo):
    approve(asked, ann)
    ActionRequest.objects.filter(pk=done.pk).update(result={"ticket_id": "T-2"})

    carry_out()

    assert (status_of(asked), asked.error_code) == (Status.LAPSED, "undone_changed")
    assert undo.calls == []


def test_a_stop_order_holds_it(done, asked, ann, ada, undo):
    approve(asked, ann)
    halting.halt(by=ada, reason="An incident")
    carry_out()
    assert (status_of(asked), status_of(done)) == (Status.APPROVED, Status.EXECUTED)

    halting.lift(by=ada)
    carry_out()

    assert status_of(done) is Status.ROLLED_BACK


def test_it_expires_lapses_and_is_withdrawn_as_any_request(done, asked, ann, bob, undo):
    ActionRequest.objects.filter(pk=asked.pk).update(expires_at=Now())
    services.sweep()
    assert status_of(asked) is Status.EXPIRED

    ask(done, bob)
    second = approve(ActionRequest.objects.pending().get(), ann)
    ActionRequest.objects.filter(pk=second.pk).update(run_before=Now() - timedelta(seconds=1))
    services.sweep()
    assert status_of(second) is Status.LAPSED

    ask(done, bob)
    third = services.withdraw(ActionRequest.objects.pending().get().pk, by=bob)
    assert third.state is Status.WITHDRAWN
    carry_out()
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])


def test_a_begun_one_is_never_claimed_by_itself(done, asked, ann):
    approve(asked, ann)
    settled(run_all())
    assert (status_of(asked), status_of(done)) == (Status.EXECUTING, Status.ROLLING_BACK)
    ActionRequest.objects.filter(pk=asked.pk).update(lease_until=Now())

    found = claims.claim("another", slots=5)

    assert [(one.request_id, one.is_rollback) for one in found] == [(done.pk, True)]


def test_a_policy_that_became_stricter_stops_a_roll_back_without_approval(done, bob, policy, undo):
    ask(done, bob)
    policy(rollbacks=(BY_ANOTHER,))

    carry_out()

    assert (status_of(done), done.error_code) == (Status.ROLLBACK_FAILED, "policy_changed")
    assert undo.calls == []


def test_who_asked_and_became_a_viewer_has_nothing_undone(done, bob, undo):
    ask(done, bob)
    User.objects.filter(pk=bob.pk).update(role=Role.VIEWER)

    carry_out()

    assert (status_of(done), done.error_code) == (Status.ROLLBACK_FAILED, "requester_not_allowed")
    assert undo.calls == []


TWO = (Group("Desk", people=("bob",)), Group("Admins", roles=frozenset({Role.ADMIN})))


@pytest.mark.parametrize(
    ("rule", "groups", "deciders"),
    [
        (Rule("Admins", mode=Mode.ADMIN_ONLY), (), ["ada"]),
        (Rule("Two", two_person=True, approvals=2), (), ["ann", "abe"]),
        (Rule("Steps", steps=(Step("Desk"), Step("Admins"))), TWO, ["bob", "ada"]),
    ],
)
def test_admins_groups_and_several_decide_as_for_requests(
    done, ann, bob, ada, abe, policy, undo, rule, groups, deciders
):
    policy(rollbacks=(rule,), groups=groups)
    Participant.objects.create(conversation=done.conversation, user=abe)
    ask(done, bob)
    asked = rollback_of(done)
    people = {"ann": ann, "bob": bob, "ada": ada, "abe": abe}
    for number, name in enumerate(deciders):
        carry_out()
        assert (asked.approvals_needed, undo.calls) == (len(deciders), [])
        assert status_of(asked) is Status.PENDING, number
        approve(asked, people[name])

    carry_out()

    assert status_of(done) is Status.ROLLED_BACK


@pytest.mark.parametrize(
    ("rule", "origin", "waits"),
    [
        (Rule("Others", actions=("mail",), two_person=True), Origin.CHAT, False),
        (Rule("Admins", roles=frozenset({Role.ADMIN}), two_person=True), Origin.CHAT, False),
        (Rule("Programs", origins=frozenset({Origin.API}), two_person=True), Origin.CHAT, False),
        (Rule("Programs", origins=frozenset({Origin.API}), two_person=True), Origin.API, True),
        (
            Rule("T", conditions=(Condition("title", Operator.CONTAINS, "chai"),), approvals=2),
            Origin.CHAT,
            True,
        ),
        (
            Rule("T", conditions=(Condition("title", Operator.CONTAINS, "tea"),), approvals=2),
            Origin.CHAT,
            False,
        ),
        (Rule("Short", time_to_decide=timedelta(hours=1)), Origin.CHAT, False),
    ],
)
def test_rules_look_at_what_was_done_and_at_who_asks(done, bob, policy, rule, origin, waits):
    policy(rollbacks=(rule,))

    ask(done, bob, origin=origin)

    assert status_of(done) is (Status.EXECUTED if waits else Status.ROLLING_BACK)
    assert ActionRequest.objects.filter(undoes=done.pk).exists() is waits


def test_rules_for_proposals_say_nothing_about_roll_backs(done, bob, policy):
    policy(rules=(Rule("All", mode=Mode.ADMIN_ONLY),), modes={"note": Mode.ADMIN_ONLY})

    ask(done, bob)

    assert status_of(done) is Status.ROLLING_BACK


def test_who_may_not_undo_may_not_ask_for_it(done, vic, policy):
    policy(rollbacks=(BY_ANOTHER,))

    with pytest.raises(NotAllowed):
        ask(done, vic)

    assert not ActionRequest.objects.filter(kind=Kind.ROLLBACK).exists()


def test_a_request_to_undo_is_not_undone_itself(done, asked, ann, bob):
    approve(asked, ann)
    carry_out()
    asked.refresh_from_db()

    with pytest.raises(Conflict, match="cannot be undone"):
        ask(asked, bob)


def test_the_cards_lead_to_each_other_and_say_who_has_to_approve(done, bob, policy, ann):
    policy(rollbacks=(BY_ANOTHER,))
    before = render_card(done, bob)
    assert "It takes back: Ticket ID: T-1." in before
    assert "It begins only after an approval of its own:" in before
    assert "by somebody else than you" in before
    ask(done, bob)
    asked = rollback_of(done)

    done.refresh_from_db()
    card = cards_for([done], bob)[done.pk]
    waits = "bob asked for its roll back, which waits for approval."
    assert (card.may_undo, card.rollback_sentence) == (False, waits)
    assert f"/approvals/{asked.pk}/" in render_card(done, bob)
    shown = render_card(asked, ann)
    assert f"Undo request {done.pk}: Create the ticket “Restock Chai”" in shown
    assert f"/approvals/{done.pk}/" in shown
    assert "It gave back: Ticket ID: T-1." in shown
    assert "Approve and undo “Create ticket”" in shown
    assert "This installation wants this roll back approved by itself." in shown
    assert "The rule “Another looks” applies." in shown


@pytest.mark.parametrize("may_open", [False, True])
def test_a_card_leads_only_where_the_viewer_may_go(done, ann, bob, ada, policy, may_open):
    """An admin who decides the roll back need not take part in the conversation."""
    policy(rollbacks=(Rule("Admins", mode=Mode.ADMIN_ONLY),))
    ask(done, bob)
    asked = rollback_of(done)
    if may_open:
        Participant.objects.create(conversation=done.conversation, user=ada)

    shown = render_card(asked, ada)

    assert f"Request {done.pk}" in shown
    assert (f'href="/approvals/{done.pk}/"' in shown) is may_open


def card_of(request, viewer):
    request.refresh_from_db()
    return cards_for([request], viewer)[request.pk]


def test_the_card_of_what_is_undone_follows_the_request_to_its_end(done, asked, ann, bob):
    approved = "bob asked for its roll back, and ann approved it"
    marks = [card_of(done, bob).mark]
    approve(asked, ann)
    assert card_of(done, bob).rollback_sentence == f"{approved}; it begins in a moment."
    marks.append(card_of(done, bob).mark)
    settled(run_all())
    assert card_of(done, bob).rollback_sentence == f"{approved}."
    marks.append(card_of(done, bob).mark)

    settled(run_all())

    card = card_of(done, bob)
    assert (card.outcome, card.rollback_sentence) == (
        "It was done and rolled back.",
        f"{approved}.",
    )
    assert f'{approved}. <a href="/approvals/{asked.pk}/">' in render_card(done, bob)
    assert len({*marks, card.mark}) == 4


def test_the_card_of_what_was_done_says_that_its_roll_back_was_refused(done, asked, ann, bob):
    refused = "bob asked for its roll back, and ann rejected it: “Keep it”. Nothing was undone."
    reject(asked, ann, "Keep it")
    card = card_of(done, bob)
    assert (card.rollback_sentence, card.may_undo) == (refused, True)
    assert f'{refused} <a href="/approvals/{asked.pk}/">' in render_card(done, bob)

    ask(done, bob)
    second = ActionRequest.objects.get(undoes=done.pk, status=Status.PENDING)
    reject(second, ann, "Keep it")

    again = card_of(done, bob)
    assert again.rollback_sentence == refused
    assert again.mark != card.mark
    assert f"/approvals/{second.pk}/" in render_card(done, bob)


def test_its_explanation_names_the_rules_for_roll_backs(asked, ada, policy):
    policy(rollbacks=(BY_ANOTHER,), rules=(Rule("Of proposals", approvals=3),))

    explained = explain(asked, ada)

    assert [(line.name, line.holds) for line in explained.rules] == [("Another looks", True)]
    assert (explained.required.approvals, explained.is_stricter_now) == (1, False)
    assert [line.name for line in explained.deciders] == ["ann"]


def test_by_page_it_is_asked_for_approved_and_found_again(done, ann, bob, policy):
    policy(rollbacks=(BY_ANOTHER,))
    of_bob, of_ann = Client(), Client()
    of_bob.force_login(bob)
    of_ann.force_login(ann)

    posted = of_bob.post(f"/approvals/{done.pk}/undo/", {"payload_hash": done.payload_hash})
    asked = rollback_of(done)
    approved = of_ann.post(
        f"/approvals/{asked.pk}/approve/", {"payload_hash": asked.payload_hash}, follow=True
    )
    carry_out()

    assert posted.status_code == 302
    assert "it is rolled back in a moment." in approved.content.decode()
    history = of_ann.get("/approvals/history/").content.decode()
    assert f"Undo request {done.pk}: Create the ticket" in history
    statistics = of_ann.get("/approvals/statistics/").content.decode()
    assert statistics.count(">note</a>") == 2
    assert "roll back" in statistics


def test_it_cannot_be_approved_with_other_values(asked, ann, undo):
    with pytest.raises(Conflict, match="A roll back cannot be changed"):
        settled(
            approve_with_changes(
                asked.pk, by=ann, payload_hash=asked.payload_hash, arguments={"title": "Other"}
            )
        )

    assert status_of(asked) is Status.PENDING
    assert "/change/" not in render_card(asked, ann)


def test_a_server_of_the_version_before_cannot_take_it_for_the_action(asked, ann, outside):
    """It knows no requests to undo, and looks at the contract before it carries anything out."""
    approve(asked, ann)
    claim = claims.claim("tester", slots=1)[0]

    settled(attempts.carry_out(dataclasses.replace(claim, lets_undo=False), QUICK))

    assert (status_of(asked), asked.error_code) == (Status.LAPSED, "action_changed")
    assert len(outside.journal) == 1


def test_a_plugin_is_not_told_that_it_is_the_action_again(asked):
    told = settled(for_plugins.pending("ann"))
    outlined = settled(for_plugins.pending(""))

    assert [(one.request_id, one.action) for one in told] == [(asked.pk, "undo note")]
    assert [(one.request_id, one.action) for one in outlined] == [(asked.pk, "undo note")]


async def at_once(*calls):
    return await asyncio.gather(*(in_db(call) for call in calls), return_exceptions=True)


def test_several_who_ask_at_once_file_one_request(done, ann, bob, policy):
    policy(rollbacks=(BY_ANOTHER,))

    answers = settled(at_once(*(lambda one=one: ask(done, one) for one in (ann, bob) * 5)))

    assert [answer.state for answer in answers] == [Status.EXECUTED] * 10
    assert ActionRequest.objects.filter(undoes=done.pk).count() == 1


def test_several_executors_undo_it_once(done, asked, ann, undo):
    approve(asked, ann)

    async def several():
        for _turn in range(3):
            await asyncio.gather(*(run_all() for _each in range(5)))

    settled(several())

    assert (status_of(asked), status_of(done), len(undo.calls)) == (
        Status.EXECUTED,
        Status.ROLLED_BACK,
        1,
    )


@pytest.mark.parametrize(
    ("rollbacks", "status"),
    [((), Status.ROLLED_BACK), ((BY_ANOTHER,), Status.ROLLBACK_FAILED)],
)
def test_what_a_server_of_the_version_before_let_begin_goes_by_the_least_role(
    done, bob, policy, rollbacks, status
):
    ask(done, bob)
    ActionRequest.objects.filter(pk=done.pk).update(undo_asked={})
    policy(rollbacks=rollbacks)

    carry_out()

    assert status_of(done) is status


def test_a_deleted_conversation_takes_back_the_request_to_undo(done, asked, undo):
    asked.conversation.delete()
    carry_out()

    assert (status_of(asked), status_of(done), undo.calls) == (
        Status.WITHDRAWN,
        Status.EXECUTED,
        [],
    )


def test_what_is_unclear_is_counted_once_for_operators(done, asked, ada, client):
    put_rollback_at(asked, done, Status.UNKNOWN)
    client.force_login(ada)

    page = client.get("/admin/").content.decode()

    assert "1 action with unknown outcome" in page


def test_who_asked_and_was_deleted_after_it_began_has_nothing_undone(done, asked, ann, bob, undo):
    approve(asked, ann)
    settled(run_all())
    assert status_of(asked) is Status.EXECUTING
    User.objects.filter(pk=bob.pk).delete()

    settled(run_all())

    assert (status_of(asked), status_of(done)) == (Status.FAILED, Status.ROLLBACK_FAILED)
    assert (done.error_code, undo.calls) == ("requester_not_allowed", [])


def over():
    """The leases of whoever was lost run out."""
    ActionRequest.objects.filter(lease_until__isnull=False).update(lease_until=Now())


def lost_when_claimed(_undo):
    assert len(claims.claim("lost", slots=5)) == 1


def lost_when_begun(_undo):
    settled(run_all())


def lost_when_what_it_undoes_is_claimed(_undo):
    settled(run_all())
    assert len(claims.claim("lost", slots=5)) == 1


def lost_after_the_call(undo):
    settled(run_all())
    (claim,) = claims.claim("lost", slots=5)
    assert isinstance(undoing.begin_undo(claim, actions.find(claim.action)), ActionRequest)
    undo({}, SimpleNamespace(idempotency_key="of the lost one"))


@pytest.mark.parametrize(
    ("lost", "calls_of_once", "calls_of_idempotent"),
    [
        (lost_when_claimed, 1, 1),
        (lost_when_begun, 1, 1),
        # From here on nobody can say whether the plugin was called.
        (lost_when_what_it_undoes_is_claimed, 0, 1),
        (lost_after_the_call, 1, 2),
    ],
)
@pytest.mark.parametrize("action", ["note", "ping"])
def test_a_lost_process_undoes_nothing_twice_and_hides_nothing(
    executed, policy, ann, bob, undo, action, lost, calls_of_once, calls_of_idempotent
):
    done = settled(executed(action))
    policy(rollbacks=(BY_ANOTHER,))
    ask(done, bob)
    asked = approve(rollback_of(done), ann)

    lost(undo)
    over()
    carry_out()
    carry_out()

    is_once = action == "note"
    is_unclear = is_once and lost in (lost_when_what_it_undoes_is_claimed, lost_after_the_call)
    assert len(undo.calls) == (calls_of_once if is_once else calls_of_idempotent)
    assert (status_of(asked), status_of(done)) == (
        (Status.UNKNOWN, Status.ROLLBACK_UNKNOWN)
        if is_unclear
        else (Status.EXECUTED, Status.ROLLED_BACK)
    )
