"""Promises of the worker's loop: its slots, and an end that comes also without Postgres."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models.functions import Now

from atlas.accounts.models import User
from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.conversations import services
from atlas.conversations.models import Message, Run, RunEvent
from atlas.datasources.models import SemanticVersion
from atlas.env import read
from atlas.events.stream import RunStream
from atlas.events.writer import EventWriter
from atlas.runner import driving
from atlas.runner import runner as module
from atlas.runner.claims import Claim, claim
from atlas.runner.runner import Runner
from atlas.semantic.layer import SemanticLayer
from plugins_app.host import registry
from plugins_app.host.registry import PluginRegistry
from tests.polling import until, until_stored

pytestmark = pytest.mark.django_db(transaction=True)

SCENES = [
    {"match": "slowly", "turns": [{"text": "word " * 1000}], "pace_ms": 50},
    {"match": "look", "turns": [{"calls": [{"name": "explore", "arguments": {"command": "ls"}}]}]},
    {"match": ".", "turns": [{"text": "It is 42."}]},
]
Made = tuple[Runner, EventWriter]


@pytest.fixture
async def made(tmp_path: Path, ann: User) -> AsyncIterator[Made]:
    """A runner that has not started, on a layer without tables."""
    (tmp_path / "script.json").write_text(json.dumps(SCENES))
    env = read({"ATLAS_MODEL": f"scripted:{tmp_path / 'script.json'}"})
    layer = SemanticLayer()
    await in_db(
        SemanticVersion.objects.create,
        datasource="none",
        digest=layer.digest,
        layer=json.loads(layer.to_json()),
    )
    hub.install(hub.Hub())
    registry.set_current(PluginRegistry([]))
    writer = EventWriter(lambda _conversation, _events: None)
    yield (
        Runner(
            env, writer, lambda _conversation, _events: None,
            datasource="none", semantic_dir=tmp_path,
        ),
        writer,
    )  # fmt: skip
    registry.set_current(None)
    hub.install(None)


def task_names() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


def are_driven(*runs: Run) -> bool:
    """Whether the runner holds these runs: Postgres says "running" a moment before."""
    return {f"run-{run.pk}" for run in runs} <= task_names()


def statuses(*runs: Run) -> Callable[[], list[str]]:
    found = {run.pk for run in runs}
    return lambda: sorted(Run.objects.filter(pk__in=found).values_list("status", flat=True))


async def test_no_more_runs_are_claimed_than_there_are_slots(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, writer = made
    monkeypatch.setattr(module, "SLOTS", 2)
    slow = [await in_db(services.ask, ann, "Tell me slowly") for _ in range(2)]
    quick = await in_db(services.ask, ann, "How many?")
    writer.start()
    runner.start()

    await until(lambda: are_driven(*slow))
    assert await in_db(statuses(quick)) == ["queued"]
    await in_db(services.request_stop, slow[0].pk, by=ann)
    # Nobody listens to Postgres here, so the wake-up is given by hand.
    hub.current().wake(Topic.RUNS, f"stop:{slow[0].pk}")
    await until_stored(lambda: statuses(quick)() == ["done"])
    assert await in_db(statuses(slow[1])) == ["running"]

    await runner.stop(0)
    await writer.stop()
    assert await in_db(statuses(*slow)) == ["interrupted", "stopped"]


async def test_a_stop_ends_though_nothing_can_be_written(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, _writer = made
    monkeypatch.setattr(module, "WRITE_S", 0.1)
    run = await in_db(services.ask, ann, "Tell me slowly")
    # The writer is not started: what the run emits is never confirmed, as without Postgres.
    runner.start()
    await until(lambda: are_driven(run))

    async with asyncio.timeout(30):
        await runner.stop(0)

    assert await in_db(statuses(run)) == ["running"]


@pytest.mark.parametrize(("question", "untrusted"), [("How many?", False), ("Have a look", True)])
async def test_a_run_remembers_whether_it_was_given_what_strangers_wrote(
    made: Made, ann: User, question: str, untrusted: bool
) -> None:
    runner, writer = made
    writer.start()
    runner.start()

    run = await in_db(services.ask, ann, question)
    hub.current().wake(Topic.RUNS, f"queued:{run.pk}")
    await until_stored(lambda: statuses(run)() == ["done"])

    assert (await in_db(Run.objects.get, pk=run.pk)).untrusted is untrusted
    await runner.stop(0)
    await writer.stop()


async def test_each_kind_of_run_says_what_it_begins_with(made: Made, ann: User) -> None:
    runner, writer = made
    writer.start()
    question = await in_db(services.ask, ann, "Tell me slowly")
    runner.start()
    await until_stored(question.events.exists)
    await in_db(services.request_stop, question.pk, by=ann)
    hub.current().wake(Topic.RUNS, f"stop:{question.pk}")
    await until_stored(lambda: statuses(question)() == ["stopped"])
    again = await in_db(services.continue_run, question.pk, by=ann)
    told = await in_db(transaction.atomic(services.queue_follow_up), question.pk)

    def first_steps() -> list[str]:
        firsts = RunEvent.objects.filter(seq=1).order_by("run__queued_at")
        return [event.payload["name"] for event in firsts]

    await until_stored(lambda: len(first_steps()) == 3)
    assert told is not None
    assert await in_db(first_steps) == ["read_definitions", "resume", "read_records"]
    assert again.kind == "continuation"
    await runner.stop(0)
    await writer.stop()


async def test_while_answers_end_their_leases_are_renewed_and_stops_are_heard(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, writer = made
    monkeypatch.setattr(module, "RENEW_S", 0.02)
    slow = [await in_db(services.ask, ann, "Tell me slowly") for _ in range(2)]
    writer.start()
    runner.start()
    # A run that is claimed and has not begun would be given back.
    await until(lambda: are_driven(*slow))

    stopping = asyncio.create_task(runner.stop(60))
    later = await in_db(services.ask, ann, "How many?")
    almost_over = Run.objects.filter(pk=slow[0].pk).update
    await in_db(almost_over, lease_until=Now() + timedelta(seconds=1))
    renewed = Run.objects.filter(lease_until__gt=Now() + timedelta(seconds=9))
    await until_stored(lambda: renewed.all().count() == 2)
    for run in slow:
        await in_db(services.request_stop, run.pk, by=ann)
    async with asyncio.timeout(30):
        await stopping
    await writer.stop()

    assert await in_db(statuses(*slow)) == ["stopped", "stopped"]
    assert await in_db(statuses(later)) == ["queued"]


async def test_a_run_that_somebody_else_ended_is_cancelled_at_the_next_renewal(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, _writer = made
    monkeypatch.setattr(module, "RENEW_S", 0.02)
    monkeypatch.setattr(module, "WRITE_S", 0.1)
    lost, kept = [await in_db(services.ask, ann, "Tell me slowly") for _ in range(2)]
    # The writer is not started, so it cannot be the one that notices.
    runner.start()
    await until(lambda: are_driven(lost, kept))

    await in_db(Run.objects.filter(pk=lost.pk).update, fence=2)

    await until(lambda: not are_driven(lost))
    assert are_driven(kept)
    await runner.stop(0)


async def test_a_claim_that_commits_while_the_worker_stops_is_given_back(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, _writer = made
    claiming, may_commit, has_committed = asyncio.Event(), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slowly(owner: str, most: int) -> list[Claim]:
        loop.call_soon_threadsafe(claiming.set)
        assert may_commit.wait(60)
        claims = claim(owner, most)
        has_committed.set()
        return claims

    monkeypatch.setattr(module, "claim", slowly)
    run = await in_db(services.ask, ann, "How many?")
    runner.start()
    await claiming.wait()
    stopping = asyncio.create_task(runner.stop(0))
    await asyncio.sleep(0)
    may_commit.set()
    async with asyncio.timeout(60):
        await stopping
    assert has_committed.is_set()

    left = await in_db(Run.objects.get, pk=run.pk)
    assert (left.status, left.lease_owner, left.lease_until) == ("queued", "", None)
    assert [one.run_id for one in await in_db(claim, "another", 5)] == [run.pk]


async def test_a_run_broken_by_a_cancellation_that_nobody_asked_for_still_ends(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, writer = made

    async def broken(_brief: object, _env: object) -> None:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gone.cancel()
        await gone

    monkeypatch.setattr(driving, "assignment_of", broken)
    run = await in_db(services.ask, ann, "How many?")
    writer.start()
    runner.start()
    await until_stored(lambda: statuses(run)() == ["failed"])

    last = await in_db(run.events.latest, "seq")
    assert (last.kind, last.payload["code"]) == ("failed", "internal")
    await runner.stop(0)
    await writer.stop()


async def test_a_run_whose_event_postgres_refuses_fails_and_its_neighbour_does_not(
    made: Made, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, writer = made
    opened = writer.open

    def spoiling(run_id: UUID, conversation_id: UUID, fence: int) -> RunStream:
        stream = opened(run_id, conversation_id, fence)
        if run_id == bad.pk:
            stream.emit("longer than any kind is", {})  # type: ignore[arg-type]  # no such kind
        return stream

    monkeypatch.setattr(writer, "open", spoiling)
    bad, good = [await in_db(services.ask, ann, "How many?") for _ in range(2)]
    writer.start()
    runner.start()
    await until_stored(lambda: statuses(bad, good)() == ["done", "failed"])

    events = await in_db(lambda: list(bad.events.order_by("seq").values_list("seq", "kind")))
    assert events == [(1, "failed")]
    answer = await in_db(Message.objects.get, pk=bad.answer_id)
    assert (answer.text, answer.parts) == ("", [])
    await runner.stop(0)
    await writer.stop()
