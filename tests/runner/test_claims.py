"""Promises of the queue of runs: the oldest first, no more than asked for, each to one claimer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from atlas.accounts.models import User
from atlas.conversations import services
from atlas.conversations.models import Run
from atlas.runner.claims import Claim, claim, renew

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(ann: User, bob: User) -> Callable[[int], list[Run]]:
    """Queue runs, the first one the oldest."""

    def queue(count: int) -> list[Run]:
        # One person has at most three places.
        runs = [
            services.ask((ann, bob)[number // 3], f"Question {number}") for number in range(count)
        ]
        # The runs of one transaction were queued at one moment; in life each has its own.
        for place, run in enumerate(runs):
            moment = timezone.now() - timedelta(seconds=count - place)
            Run.objects.filter(pk=run.pk).update(queued_at=moment)
        return runs

    return queue


def ids(claims: list[Claim]) -> set[object]:
    return {one.run_id for one in claims}


def test_the_oldest_are_claimed_up_to_the_free_slots(queued: Callable[[int], list[Run]]) -> None:
    runs = queued(5)

    first, second, third = claim("a", 2), claim("b", 2), claim("c", 2)

    assert ids(first) == {run.pk for run in runs[:2]}
    assert ids(second) == {run.pk for run in runs[2:4]}
    assert ids(third) == {runs[4].pk}
    assert claim("d", 2) == []


def test_no_free_slot_claims_nothing(queued: Callable[[int], list[Run]]) -> None:
    (run,) = queued(1)

    assert claim("a", 0) == []
    assert Run.objects.get(pk=run.pk).status == "queued"


def test_a_claimed_run_is_running_under_a_lease_of_its_own(
    queued: Callable[[int], list[Run]],
) -> None:
    (run,) = queued(1)
    services.request_stop(run.pk, by=User.objects.get(username="ann"))

    (claimed,) = claim("me:1", 64)

    kept = Run.objects.get(pk=run.pk)
    assert (kept.status, kept.fence, kept.lease_owner) == ("running", 1, "me:1")
    assert kept.lease_until > timezone.now()
    assert kept.started_at is not None
    assert (claimed.fence, claimed.conversation_id) == (1, run.conversation_id)
    assert claimed.stop_requested


def test_only_what_is_held_is_renewed_and_a_stop_is_heard(
    queued: Callable[[int], list[Run]],
) -> None:
    held, stopped, lost, ended = queued(4)
    claims = {one.run_id: one for one in claim("a", 4)}
    services.request_stop(stopped.pk, by=User.objects.get(username="ann"))
    Run.objects.filter(pk=lost.pk).update(fence=2)
    Run.objects.filter(pk=ended.pk).update(status="done", finished_at=timezone.now())
    past = timezone.now() - timedelta(seconds=1)
    Run.objects.update(lease_until=past)

    assert renew(list(claims.values())) == {held.pk: False, stopped.pk: True}

    renewed = Run.objects.filter(lease_until__gt=timezone.now()).values_list("pk", flat=True)
    assert set(renewed) == {held.pk, stopped.pk}
