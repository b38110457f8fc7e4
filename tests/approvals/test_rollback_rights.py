"""Who asked for a roll back and who approved it: their rights count until the plugin is called."""

import pytest

from approvals import halting
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from approvals.rules.tightening import Rule
from atlas.accounts.models import User
from atlas.accounts.roles import Role
from atlas.conversations.models import Participant
from tests.approvals.desk import approve, settled
from tests.approvals.executing import run_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(executed, ann, bob, ada, policy):
    """What is to be undone as bob asked and ann approved; a stop order holds it at the last."""
    policy(rollbacks=(Rule("Another looks", two_person=True),))
    done = settled(executed())
    roll_back(done.pk, by=bob, payload_hash=done.payload_hash)
    approve(ActionRequest.objects.get(undoes=done.pk), ann)
    settled(run_all())
    halting.halt(by=ada, reason="An incident")
    settled(run_all())
    done.refresh_from_db()
    assert done.state is Status.ROLLING_BACK
    return done


def test_under_a_stop_order_nothing_is_queued_to_be_undone_later(executed, ann, bob, ada, policy):
    done = settled(executed())
    halting.halt(by=ada, reason="An incident")

    with pytest.raises(Conflict, match="An admin has stopped everything"):
        roll_back(done.pk, by=bob, payload_hash=done.payload_hash)
    done.refresh_from_db()
    assert done.state is Status.EXECUTED

    policy(rollbacks=(Rule("Another looks", two_person=True),))
    roll_back(done.pk, by=bob, payload_hash=done.payload_hash)
    asked = ActionRequest.objects.get(undoes=done.pk)
    approve(asked, ann)
    settled(run_all())
    asked.refresh_from_db()
    assert asked.state is Status.APPROVED


def nobody_left(_request):
    pass


def asker_left(_request):
    User.objects.filter(username="bob").update(is_active=False)


def asker_became_viewer(_request):
    User.objects.filter(username="bob").update(role=Role.VIEWER)


def asker_was_removed(request):
    Participant.objects.filter(conversation=request.conversation, user__username="bob").delete()


def decider_left(_request):
    User.objects.filter(username="ann").update(is_active=False)


@pytest.mark.parametrize(
    ("event", "status", "code"),
    [
        (nobody_left, Status.ROLLED_BACK, ""),
        (asker_left, Status.ROLLBACK_FAILED, "requester_not_allowed"),
        (asker_became_viewer, Status.ROLLBACK_FAILED, "requester_not_allowed"),
        (asker_was_removed, Status.ROLLBACK_FAILED, "requester_not_allowed"),
        (decider_left, Status.ROLLBACK_FAILED, "decider_not_allowed"),
    ],
)
def test_a_right_that_was_lost_while_it_was_held_counts(begun, ada, undo, event, status, code):
    event(begun)
    halting.lift(by=ada)

    settled(run_all())

    begun.refresh_from_db()
    assert (begun.state, begun.error_code) == (status, code)
    assert len(undo.calls) == (status is Status.ROLLED_BACK)
