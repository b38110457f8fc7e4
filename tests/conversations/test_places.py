"""Promises of the most questions that one person may have running, whichever way they come."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.db.models.functions import Now

from approvals import for_plugins
from atlas.accounts.models import User
from atlas.conversations import services
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Conversation, Message, Run
from atlas.conversations.places import MAX_RUNNING, TooManyRunning


def ended(run: Run, status: RunStatus = RunStatus.INTERRUPTED) -> Run:
    Run.objects.filter(pk=run.pk).update(status=status, finished_at=Now())
    return run


@pytest.mark.django_db
def test_the_fourth_question_is_not_taken_and_leaves_nothing(ann: User, bob: User) -> None:
    runs = [services.ask(ann, "How many?") for _ in range(MAX_RUNNING)]
    before = Conversation.objects.count(), Message.objects.count()

    with pytest.raises(TooManyRunning) as refused:
        services.ask(ann, "And this?")

    assert refused.value.code == "too_many_running"
    assert (Conversation.objects.count(), Message.objects.count()) == before
    assert services.ask(bob, "Mine?").asked_by == bob
    ended(runs[0], RunStatus.DONE)
    assert services.ask(ann, "And this?").asked_by == ann


@pytest.mark.django_db
def test_a_continuation_takes_a_place_and_clicking_twice_takes_one(ann: User) -> None:
    broken, other = (ended(services.ask(ann, "How many?")) for _ in range(2))
    for _ in range(MAX_RUNNING - 1):
        services.ask(ann, "And?")

    again = services.continue_run(broken.pk, by=ann)

    assert services.continue_run(broken.pk, by=ann) == again
    with pytest.raises(TooManyRunning):
        services.continue_run(other.pk, by=ann)


@pytest.mark.django_db
def test_what_follows_up_takes_no_place_and_is_always_queued(ann: User) -> None:
    origins = [ended(services.ask(ann, "Order some"), RunStatus.DONE) for _ in range(4)]

    with transaction.atomic():
        assert all(services.queue_follow_up(origin.pk) for origin in origins)

    assert services.ask(ann, "How many?").asked_by == ann


@pytest.mark.django_db(transaction=True)
async def test_a_plugin_that_asks_for_a_person_keeps_to_it(ann: User) -> None:
    for _ in range(MAX_RUNNING):
        await for_plugins.ask("How many?", "ann", "", 0)

    with pytest.raises(TooManyRunning):
        await for_plugins.ask("And this?", "ann", "", 0)


@pytest.mark.django_db(transaction=True)
def test_questions_at_the_same_moment_are_counted_one_by_one(ann: User) -> None:
    broken = ended(services.ask(ann, "How many?"))
    tries: list[Callable[[], Run]] = [lambda: services.ask(ann, "And?")] * 5
    tries.append(lambda: services.continue_run(broken.pk, by=ann))
    together = Barrier(len(tries))

    def attempt(start: Callable[[], Run]) -> bool:
        try:
            together.wait(10)
            start()
        except TooManyRunning:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tries)) as threads:
        taken = list(threads.map(attempt, tries))

    assert sum(taken) == MAX_RUNNING
    assert Run.objects.unfinished().count() == MAX_RUNNING
