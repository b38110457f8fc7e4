"""A run keeps which way its question came, and so does what goes on from it."""

import pytest

from atlas.accounts.api_keys import authenticate_bearer, create_key
from atlas.accounts.roles import Role, Scope
from atlas.common.errors import NotAllowed
from atlas.conversations.enums import Origin, RunStatus
from atlas.conversations.models import Run
from atlas.conversations.services import ask, continue_run, queue_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_key(ann):
    """ann as she is when she asks with an API key."""
    ann.is_narrowed = True
    return ann


def test_a_person_asks_on_a_page(ann):
    assert ask(ann, "What was our revenue?").origin == Origin.CHAT


def test_a_program_asks_with_a_key(by_key):
    assert ask(by_key, "What was our revenue?").origin == Origin.API


def test_what_goes_on_from_a_run_came_the_same_way(by_key, ann):
    run = ask(by_key, "What was our revenue?", origin=Origin.PLUGIN)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.STOPPED, finished_at=run.queued_at)

    assert continue_run(run.pk, by=ann).origin == Origin.PLUGIN
    assert queue_follow_up(run.pk).origin == Origin.PLUGIN


def test_no_question_of_a_key_is_answered_with_a_higher_role_than_the_keys(ada):
    own = ask(ada, "What was our revenue?")
    Run.objects.filter(pk=own.pk).update(status=RunStatus.STOPPED, finished_at=own.queued_at)
    _key, text = create_key(ada, name="ci", role=Role.ANALYST, scopes=[Scope.ASK], by=ada)
    by_key = authenticate_bearer(f"Bearer {text}").user

    with pytest.raises(NotAllowed, match="lower role"):
        ask(by_key, "What does everybody earn?")
    with pytest.raises(NotAllowed, match="lower role"):
        continue_run(own.pk, by=by_key)

    assert Run.objects.count() == 1


def test_a_key_with_the_role_of_its_owner_asks(ada):
    _key, text = create_key(ada, name="ci", role=Role.ADMIN, scopes=[Scope.ASK], by=ada)

    assert ask(authenticate_bearer(f"Bearer {text}").user, "What was our revenue?")
