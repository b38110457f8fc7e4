"""Promises of the worker's periodic work: what is past its time goes, nothing else, and once."""

import asyncio
import contextlib
import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from atlas.accounts.models import User
from atlas.common.errors import BadInput
from atlas.conversations import services, tasks
from atlas.conversations.models import Run, RunEvent
from atlas.datasources.models import QueryGrant, StoredResult
from atlas.datasources.tasks import delete_expired_grants, delete_expired_results
from atlas.events.replay import read_runs, text_of
from atlas.runner.upkeep import CHORES, Chore, Upkeep, run_batch
from tests.cluster import TestCluster

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def ended(ann: User, status: str, *, ago: dt.timedelta, continues: Run | None = None) -> Run:
    """A run that ended so long ago, with two pieces of text and a step."""
    run = services.continue_run(continues.pk, by=ann) if continues else services.ask(ann, "Why?")
    for seq, (kind, payload) in enumerate(
        (
            ("step", {"id": "a"}),
            ("text", {"text": "Be"}),
            ("text", {"text": "cause"}),
            (status, {}),
        ),
        start=1,
    ):
        RunEvent.objects.create(run=run, seq=seq, kind=kind, payload=payload)
    at = timezone.now() - ago
    RunEvent.objects.filter(run=run).update(at=at)
    Run.objects.filter(pk=run.pk).update(status=status, finished_at=at)
    return Run.objects.get(pk=run.pk)


def kinds(run: Run) -> list[str]:
    return list(run.events.order_by("seq").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("status", "ago", "left"),
    [
        ("done", 25 * HOUR, ["step", "done"]),
        ("done", 23 * HOUR, ["step", "text", "text", "done"]),
        # These may still be continued, and their continuation is put together from the pieces.
        ("stopped", 25 * HOUR, ["step", "text", "text", "stopped"]),
        ("failed", 25 * HOUR, ["step", "text", "text", "failed"]),
        ("interrupted", 89 * DAY, ["step", "text", "text", "interrupted"]),
        ("interrupted", 91 * DAY, []),
        ("done", 91 * DAY, []),
    ],
)
def test_events_go_when_nothing_needs_them(
    ann: User, status: str, ago: dt.timedelta, left: list[str]
) -> None:
    run = ended(ann, status, ago=ago)

    tasks.forget_text_events()
    tasks.forget_old_events()

    assert kinds(run) == left


def test_text_of_an_answer_goes_over_all_its_runs_and_the_message_keeps_it(ann: User) -> None:
    first = ended(ann, "interrupted", ago=3 * DAY)
    last = ended(ann, "done", ago=2 * DAY, continues=first)
    last.answer.text = text_of(read_runs({first.pk: 0})) * 2
    last.answer.save()

    assert tasks.forget_text_events() == 4

    assert [kinds(first), kinds(last)] == [["step", "interrupted"], ["step", "done"]]
    last.answer.refresh_from_db()
    assert last.answer.text == "BecauseBecause"


def test_events_of_a_run_that_goes_on_stay_however_old(ann: User) -> None:
    run = services.ask(ann, "Why?")
    RunEvent.objects.create(run=run, seq=1, kind="text", payload={"text": "Be"})
    RunEvent.objects.update(at=timezone.now() - 100 * DAY)
    Run.objects.filter(pk=run.pk).update(status="running")

    assert [tasks.forget_text_events(), tasks.forget_old_events()] == [0, 0]
    assert kinds(run) == ["text"]


@pytest.mark.parametrize(("days", "goes_on"), [(88, True), (90, False)])
def test_an_answer_is_continued_only_while_its_pieces_are_kept(
    ann: User, days: int, goes_on: bool
) -> None:
    run = ended(ann, "interrupted", ago=days * DAY)

    expected = contextlib.nullcontext() if goes_on else pytest.raises(BadInput, match="too old")
    with expected:
        services.continue_run(run.pk, by=ann)


def test_batches_are_bounded_and_end(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(ann, "done", ago=2 * DAY)
    monkeypatch.setattr(tasks, "BATCH", 1)

    assert [tasks.forget_text_events() for _ in range(3)] == [1, 1, 0]


def test_results_go_when_they_expire(db: None) -> None:
    for minutes in (-1, 60):
        StoredResult.objects.create(
            datasource="demo",
            sql="SELECT 1",
            columns=[],
            rows=[],
            row_count=0,
            expires_at=timezone.now() + dt.timedelta(minutes=minutes),
        )

    assert [delete_expired_results(), delete_expired_results()] == [1, 0]
    assert StoredResult.objects.count() == 1


@pytest.mark.parametrize("is_used", [False, True])
def test_rights_to_run_a_query_go_a_day_after_they_expired(ann: User, is_used: bool) -> None:
    now = timezone.now()
    for number, hours in enumerate((-25, -23, 1)):
        QueryGrant.objects.create(
            request_id=number,
            person=ann,
            datasource="demo",
            sql_hash="0" * 64,
            policy_version="1",
            semantic_version="1",
            expires_at=now + dt.timedelta(hours=hours),
            consumed_at=now if is_used else None,
        )

    assert [delete_expired_grants(), delete_expired_grants()] == [1, 0]
    assert set(QueryGrant.objects.values_list("request_id", flat=True)) == {1, 2}


def test_a_chore_waits_for_another_process_and_says_so_with_zero(cluster: TestCluster) -> None:
    done: list[int] = []

    def work() -> int:
        done.append(1)
        return 1

    chore = Chore("of a test", work)
    with cluster.superuser() as other:
        other.execute("SELECT pg_advisory_lock(hashtext('chore of a test'))")
        assert run_batch(chore) == 0
        other.execute("SELECT pg_advisory_unlock(hashtext('chore of a test'))")
    assert run_batch(chore) == 1
    assert done == [1]


async def test_upkeep_does_every_chore_again_and_again_and_outlives_failures() -> None:
    """Batches of one chore run until there is nothing left, then comes the next."""
    seen: list[str] = []
    again = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow() -> int:
        seen.append("slow")
        return 1 if seen.count("slow") % 3 else 0

    def broken() -> int:
        seen.append("broken")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return 1

    def last() -> int:
        seen.append("last")
        if seen.count("last") == 2:
            loop.call_soon_threadsafe(again.set)
        return 0

    chores = [Chore("a", slow), Chore("b", broken), Chore("c", last)]
    upkeep = Upkeep(chores, every_s=0.01, first_after_s=0)
    upkeep.start()
    await asyncio.wait_for(again.wait(), 10)
    await upkeep.stop()

    assert seen[:10] == ["slow", "slow", "slow", "broken", "last"] * 2
    names = [chore.name for chore in CHORES]
    assert names == [
        "expired results",
        "expired rights to queries",
        "text events",
        "old events",
        "old notices",
    ]
