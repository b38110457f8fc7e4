"""What is approved waits for the end of a freeze and for room in a daily limit, or lapses."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from approvals import services
from approvals.cards.card import render_card
from approvals.cards.sentences import closing_sentence
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution import attempts, claims, holding
from approvals.execution.rolling_back import roll_back
from approvals.execution.waiting import wait_for_outcome
from approvals.models import ActionRequest
from approvals.rules.tightening import Rule
from approvals.rules.windows import DailyLimit, Dated, Freeze, Reached
from atlas.common.clock import database_now
from atlas.common.db import in_db
from tests.approvals.desk import approve, propose, settled, start_run
from tests.approvals.executing import QUICK, claim_now, run_all

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def freeze_of(begins=-HOUR, ends=HOUR, **changes):
    """A freeze around the moment by the database's clock."""
    now = database_now()
    moments = [f"{now + span:%Y-%m-%d %H:%M}" for span in (begins, ends)]
    return Freeze("Stocktaking", Dated(*moments, "UTC"), **changes)


def look_again():
    """The time after which a held request is looked at again is over."""
    ActionRequest.objects.filter(held_until__isnull=False).update(held_until=Now())


def carry_out():
    look_again()
    settled(run_all())


def status_of(request):
    request.refresh_from_db()
    return request.state


def test_a_freeze_holds_until_it_ends(run_of_ann, policy, bob, outside):
    freeze = freeze_of()
    policy(freezes=(freeze,))
    request = approve(propose(run_of_ann), bob)

    carry_out()

    assert (status_of(request), outside.journal) == (Status.APPROVED, [])
    end = f"{freeze.window.ends} (UTC)"
    said = f"“Stocktaking” lets nothing begin before {end}."
    assert closing_sentence(request).endswith(said)
    assert f"Approved by bob, and held. {said}" in render_card(request, bob)
    assert claims.claim("another", slots=5) == []

    policy(freezes=(freeze_of(ends=-timedelta(minutes=2), begins=-2 * HOUR),))
    carry_out()
    assert status_of(request) is Status.EXECUTED


def test_what_is_held_lets_others_go_first(run_of_ann, policy, bob, outside):
    policy(freezes=(freeze_of(actions=("note",)),))
    held = approve(propose(run_of_ann), bob)
    free = approve(propose(run_of_ann, "ask", call="call-2", title="Now"), bob)

    settled(run_all())

    assert (status_of(held), status_of(free)) == (Status.APPROVED, Status.EXECUTED)
    assert [title for title, _key in outside.journal] == ["Now"]


def test_what_is_held_for_too_long_lapses_and_says_why(run_of_ann, policy, bob, outside):
    policy(freezes=(freeze_of(),))
    request = approve(propose(run_of_ann), bob)
    carry_out()

    ActionRequest.objects.filter(pk=request.pk).update(run_before=Now())
    assert services.sweep() == 1

    assert status_of(request) is Status.LAPSED
    assert "Stocktaking" in request.error_text
    assert request.error_text.endswith("It could not run in time.")
    assert outside.journal == []


def test_a_daily_limit_holds_what_is_too_much(run_of_ann, policy, bob, outside):
    policy(daily_limits=(DailyLimit(("note",), 2),))
    for number in range(3):
        approve(propose(run_of_ann, call=f"call-{number}", title=f"Note {number}"), bob)
    free = approve(propose(run_of_ann, "ask", call="call-9"), bob)

    settled(run_all())

    assert sorted(title for title, _key in outside.journal) == ["Note 0", "Note 1", "Restock Chai"]
    held = ActionRequest.objects.get(status=Status.APPROVED)
    assert held.held_because.startswith("Today's limit of 2 is used up; it waits until ")
    assert status_of(free) is Status.EXECUTED

    ActionRequest.objects.exclude(pk=held.pk).update(executing_at=Now() - timedelta(days=1))
    carry_out()
    assert status_of(held) is Status.EXECUTED


def test_the_agent_does_not_wait_for_what_is_held(run_of_ann, policy):
    policy(freezes=(freeze_of(),))
    request = propose(run_of_ann, "ping")
    settled(run_all())

    outcome = settled(asyncio.wait_for(wait_for_outcome(request.pk, timeout_s=600), 60))

    assert outcome.status is Status.APPROVED
    assert "and held: Create the ticket" in outcome.sentence
    request.refresh_from_db()
    assert request.awaited is False


def test_a_limit_for_each_person_counts_people_apart(run_of_ann, policy, ann, bob, outside):
    policy(daily_limits=(DailyLimit(("*",), 1, per_person=True),))
    run_of_bob = start_run(bob)
    approve(propose(run_of_ann, title="First"), bob)
    approve(propose(run_of_ann, call="call-2", title="Second"), bob)
    approve(propose(run_of_bob, title="Other"), bob)

    settled(run_all())

    assert sorted(title for title, _key in outside.journal) == ["First", "Other"]


def test_a_limit_may_refuse_what_is_too_much(run_of_ann, policy, ann, bob):
    policy(daily_limits=(DailyLimit(("note",), 1, when_reached=Reached.REFUSE),))
    request = propose(run_of_ann)

    with pytest.raises(holding.LimitReached, match="At most 1 of these may begin on one day"):
        propose(run_of_ann, call="call-2", title="Second")

    assert ActionRequest.objects.get() == request
    assert propose(run_of_ann) == request
    services.reject(request.pk, by=bob, payload_hash=request.payload_hash, reason="No need")
    assert propose(run_of_ann, call="call-2", title="Second").state is Status.PENDING


def test_two_that_could_be_the_last_of_a_day_do_not_both_begin(run_of_ann, policy, bob, outside):
    policy(daily_limits=(DailyLimit(("note",), 1),))
    for number in range(2):
        approve(propose(run_of_ann, call=f"call-{number}", title=f"Note {number}"), bob)

    async def at_once():
        found = await in_db(claim_now)
        await asyncio.gather(*(attempts.carry_out(claim, QUICK) for claim in found))

    settled(at_once())

    assert len(outside.journal) == 1
    assert ActionRequest.objects.filter(status=Status.APPROVED).count() == 1


ANOTHER_LOOKS = (Rule("Another looks", two_person=True),)


@pytest.fixture
def done(executed):
    return settled(executed())


def undo_by(person, request):
    return roll_back(request.pk, by=person, payload_hash=request.payload_hash)


def test_nothing_is_undone_in_a_freeze_and_nothing_is_queued(done, policy, bob, undo):
    freeze = freeze_of()
    policy(freezes=(freeze,))
    said = f"“Stocktaking” lets nothing be undone before {freeze.window.ends} (UTC)."

    with pytest.raises(Conflict) as refusal:
        undo_by(bob, done)
    carry_out()

    assert (refusal.value.code, refusal.value.user_message) == ("frozen", said)
    assert (status_of(done), undo.calls) == (Status.EXECUTED, [])
    card = render_card(done, bob)
    assert said in card
    assert "Undo it" not in card


def test_a_freeze_may_allow_that_things_are_undone(done, policy, bob, undo):
    policy(freezes=(freeze_of(allows_rollbacks=True),))
    assert "Undo it" in render_card(done, bob)

    undo_by(bob, done)
    carry_out()

    assert (status_of(done), len(undo.calls)) == (Status.ROLLED_BACK, 1)


def test_a_freeze_that_begins_after_the_click_holds_the_roll_back(done, policy, bob, undo):
    undo_by(bob, done)
    policy(freezes=(freeze_of(),))
    carry_out()
    assert (status_of(done), undo.calls) == (Status.ROLLING_BACK, [])
    assert "It was done, and its roll back is held. “Stocktaking” lets" in render_card(done, bob)
    assert claims.claim("another", slots=5) == []

    policy()
    carry_out()

    assert (status_of(done), len(undo.calls)) == (Status.ROLLED_BACK, 1)
    assert done.held_because == ""


def test_a_freeze_keeps_a_lost_try_of_the_same_key_in_mind(executed, policy, bob, undo):
    done = settled(executed("ping"))
    undo_by(bob, done)
    claim_now()
    ActionRequest.objects.filter(pk=done.pk).update(lease_until=Now())
    policy(freezes=(freeze_of(),))

    carry_out()

    assert (status_of(done), undo.calls) == (Status.ROLLING_BACK, [])
    assert done.lease_until is not None


@pytest.mark.parametrize("allows", [False, True])
def test_an_approved_roll_back_waits_for_the_end_of_a_freeze(done, policy, ann, bob, undo, allows):
    policy(rollbacks=ANOTHER_LOOKS, freezes=(freeze_of(allows_rollbacks=allows),))
    undo_by(bob, done)
    asked = approve(ActionRequest.objects.get(undoes=done.pk), ann)

    carry_out()
    carry_out()

    if allows:
        assert (status_of(asked), status_of(done)) == (Status.EXECUTED, Status.ROLLED_BACK)
        return
    assert (status_of(asked), status_of(done)) == (Status.APPROVED, Status.EXECUTED)
    assert "lets nothing be undone before" in asked.held_because
    ActionRequest.objects.filter(pk=asked.pk).update(run_before=Now())
    services.sweep()
    assert (status_of(asked), status_of(done), undo.calls) == (Status.LAPSED, Status.EXECUTED, [])


def test_undoing_takes_no_room_in_a_daily_limit(done, policy, bob, undo):
    policy(daily_limits=(DailyLimit(("note",), 1),))

    undo_by(bob, done)
    carry_out()

    assert status_of(done) is Status.ROLLED_BACK


def test_what_held_it_before_it_was_done_is_not_said_of_its_roll_back(done, bob):
    ActionRequest.objects.filter(pk=done.pk).update(held_because="Old.", held_until=Now())

    undo_by(bob, done)

    assert "Old." not in render_card(ActionRequest.objects.get(pk=done.pk), bob)
