"""A run keeps which way its question came, and so does what goes on from it."""

import pytest

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
