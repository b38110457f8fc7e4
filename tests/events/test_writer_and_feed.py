"""Promises of events on their way through Postgres: in order, once, only under a held lease."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any
from uuid import UUID

import psycopg
import pytest

from atlas.accounts.models import User
from atlas.bus import hub as bus
from atlas.common.db import in_db
from atlas.conversations import ending, services
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Run
from atlas.events.feed import Feed
from atlas.events.replay import read_runs
from atlas.events.stored import RunQueued, StoredEvent
from atlas.events.stream import RunStream
from atlas.events.writer import EventWriter

pytestmark = pytest.mark.django_db(transaction=True)


class Process:
    """A feed and a writer as one server process has them; several share the bus of the test."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.writer = EventWriter(self.feed.publish)

    def open(self, run: Run, fence: int = 1) -> RunStream:
        return self.writer.open(run.pk, run.conversation_id, fence)

    async def read(
        self, run: Run, last: str, after: dict[UUID, int] | None = None
    ) -> list[StoredEvent | RunQueued]:
        """What a follower is given up to the batch with an event of kind `last`."""
        given: list[StoredEvent | RunQueued] = []
        async with (
            asyncio.timeout(60),
            aclosing(self.feed.follow(run.conversation_id, after or {})) as news,
        ):
            async for item in news:
                if isinstance(item, RunQueued):
                    given.append(item)
                    continue
                given.extend(item)
                if any(event.kind == last for event in item):
                    break
        return given


@pytest.fixture
async def start() -> AsyncIterator[Callable[[], Process]]:
    """Start processes that end with the test."""
    hub = bus.Hub()
    bus.install(hub)
    await hub.start()
    started: list[Process] = []

    def process() -> Process:
        started.append(Process())
        started[-1].feed.start()
        started[-1].writer.start()
        return started[-1]

    yield process
    for item in started:
        await item.writer.stop()
        await item.feed.stop()
    await hub.stop()
    bus.install(None)


@pytest.fixture
def running(ann: User) -> Callable[[], Run]:
    """Ask a question whose run somebody holds under fence 1."""

    def ask() -> Run:
        run = services.ask(ann, "How many?")
        Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, fence=1)
        return run

    return ask


def numbers(events: list[StoredEvent | RunQueued]) -> list[int]:
    return [event.seq for event in events if isinstance(event, StoredEvent)]


def text(events: list[StoredEvent | RunQueued]) -> str:
    said = [e for e in events if isinstance(e, StoredEvent) and e.kind == "text"]
    return "".join(event.payload["text"] for event in said)


async def tell(stream: RunStream, words: int) -> None:
    """Write words with a fact between every ten, at the pace of the event loop."""
    for n in range(words):
        stream.emit_text(f"{n} ")
        if n % 10 == 9:
            stream.emit(EventKind.STEP, {"id": str(n)})
        await asyncio.sleep(0.001)
    stream.emit(EventKind.REFUSE, {})
    assert await stream.flushed()


async def test_followers_everywhere_get_all_in_order_and_once(
    start: Callable[[], Process], running: Callable[[], Run]
) -> None:
    here, elsewhere = start(), start()
    run = await in_db(running)
    stream = here.open(run)
    async with asyncio.TaskGroup() as group:
        readers = [
            group.create_task(process.read(run, "refuse"))
            for process in (here, here, elsewhere, elsewhere)
        ]
        group.create_task(tell(stream, 200))

    stored = await in_db(read_runs, {run.pk: 0})
    assert [event.seq for event in stored] == list(range(1, stream.next_seq))
    assert text(stored) == "".join(f"{n} " for n in range(200))
    for reader in readers:
        queued, *events = reader.result()
        assert queued == RunQueued(
            run.pk, run.conversation_id, run.question_id, run.answer_id, "question"
        )
        assert events == stored


async def test_who_comes_late_or_again_is_given_the_rest(
    start: Callable[[], Process], running: Callable[[], Run]
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    telling = asyncio.create_task(tell(stream, 100))
    await process.read(run, "text")
    middle = await process.read(run, "refuse")
    await telling
    stored = await in_db(read_runs, {run.pk: 0})

    assert middle[1:] == stored
    for seq in range(len(stored)):
        assert await in_db(read_runs, {run.pk: seq}) == stored[seq:]
        assert await process.read(run, "refuse", {run.pk: seq}) == stored[seq:]


async def test_a_stale_lease_is_lost_and_its_neighbour_goes_on(
    start: Callable[[], Process], running: Callable[[], Run]
) -> None:
    process = start()
    taken_over, mine = await in_db(running), await in_db(running)
    await in_db(Run.objects.filter(pk=taken_over.pk).update, fence=2)
    stale, held = process.open(taken_over, fence=1), process.open(mine)
    stale.emit_text("never ")
    held.emit_text("kept ")
    async with asyncio.timeout(60):
        assert not await stale.flushed()
        held.emit(EventKind.REFUSE, {})
        assert await held.flushed()

    assert stale.lost.is_set()
    assert not held.lost.is_set()
    assert await in_db(read_runs, {taken_over.pk: 0}) == []
    assert text(await in_db(read_runs, {mine.pk: 0})) == "kept "


async def test_a_run_that_ended_takes_no_more_events(
    start: Callable[[], Process], running: Callable[[], Run]
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    stream.emit_text("It is ")
    assert await stream.flushed()
    end = (EventKind.DONE, {})
    assert await in_db(ending.finish_run, run.pk, 1, stream.next_seq, end, [])

    stream.emit_text("too late")

    async with asyncio.timeout(60):
        assert not await stream.flushed()
    kinds = [event.kind for event in await in_db(read_runs, {run.pk: 0})]
    assert kinds == ["text", "done"]


async def test_a_killed_session_costs_neither_events_nor_followers(
    start: Callable[[], Process], running: Callable[[], Run], cluster
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    reading = asyncio.create_task(process.read(run, "refuse"))
    telling = asyncio.create_task(tell(stream, 200))
    await process.read(run, "step")
    with cluster.superuser() as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'atlas' AND datname = current_database()"
        )
    await telling

    stored = await in_db(read_runs, {run.pk: 0})
    assert numbers(stored) == list(range(1, stream.next_seq))
    assert (await reading)[1:] == stored
    assert text(stored) == "".join(f"{n} " for n in range(200))


async def test_what_is_left_is_written_at_the_stop(
    start: Callable[[], Process], running: Callable[[], Run]
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    stream.emit_text("last words")
    await process.writer.stop()

    assert text(await in_db(read_runs, {run.pk: 0})) == "last words"


@pytest.mark.parametrize(
    "fault",
    [
        psycopg.errors.ReadOnlySqlTransaction("a standby"),
        psycopg.InterfaceError("closed"),
        RuntimeError("a bug"),
    ],
    ids=repr,
)
async def test_the_writer_outlives_whatever_a_window_meets(
    start: Callable[[], Process],
    running: Callable[[], Run],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    insert, faults = process.writer._insert, [fault]

    async def failing(*args: Any, **options: Any) -> set[UUID]:
        if faults:
            raise faults.pop()
        return await insert(*args, **options)

    monkeypatch.setattr(process.writer, "_insert", failing)
    stream.emit_text("It is 42.")
    async with asyncio.timeout(60):
        assert await stream.flushed()

    assert text(await in_db(read_runs, {run.pk: 0})) == "It is 42."


async def test_a_window_that_the_stop_breaks_off_is_written_at_the_stop(
    start: Callable[[], Process], running: Callable[[], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start()
    run = await in_db(running)
    stream = process.open(run)
    insert, begun = process.writer._insert, asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> set[UUID]:
        if not begun.is_set():
            begun.set()
            await asyncio.Event().wait()
        return await insert(*args, **options)

    monkeypatch.setattr(process.writer, "_insert", slowly)
    stream.emit_text("last words")
    await begun.wait()
    await process.writer.stop()

    assert text(await in_db(read_runs, {run.pk: 0})) == "last words"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            psycopg.OperationalError("away"),
            "The last window of run events waits for Postgres: away",
        ),
        (RuntimeError("a bug"), "The last window of run events failed"),
    ],
    ids=repr,
)
async def test_a_stop_whose_last_window_fails_says_so_and_ends(
    start: Callable[[], Process],
    running: Callable[[], Run],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    said: str,
) -> None:
    process = start()
    stream = process.open(await in_db(running))
    stream.emit_text("It is 42.")
    assert await stream.flushed()
    sessions = list(process.writer._sessions.values())

    async def failing(*_args: Any, **_options: Any) -> set[UUID]:
        raise fault

    monkeypatch.setattr(process.writer, "_insert", failing)
    stream.emit_text("last words")
    async with asyncio.timeout(60):
        await process.writer.stop()

    assert said in caplog.messages
    assert sessions
    assert all(session.closed for session in sessions)
    assert text(await in_db(read_runs, {stream.run_id: 0})) == "It is 42."


@pytest.mark.parametrize("kind", ["longer than any kind is", "text"])
async def test_an_event_that_postgres_refuses_fails_its_own_run_alone(
    start: Callable[[], Process],
    running: Callable[[], Run],
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = start()
    bad, good = [process.open(await in_db(running)) for _ in range(2)]
    bad.emit_text("first")
    assert await bad.flushed()
    if kind == EventKind.TEXT:
        # What is made for Postgres is always JSON that it takes; this is not.
        monkeypatch.setattr("atlas.events.stream.json.dumps", lambda *_a, **_k: "{")
    bad.emit(kind, {"n": 1})  # type: ignore[arg-type]  # no such kind
    monkeypatch.undo()
    bad.emit_text("second")
    good.emit_text("It is 42.")

    async with asyncio.timeout(60):
        assert await bad.flushed()
        assert await good.flushed()

    assert text(await in_db(read_runs, {good.run_id: 0})) == "It is 42."
    assert text(await in_db(read_runs, {bad.run_id: 0})) == "first"
    assert (good.is_spoiled, bad.is_spoiled) == (False, True)
    with pytest.raises(RuntimeError):
        await bad.room()
    bad.emit_text("third")
    bad.emit(EventKind.REFUSE, {})
    assert (bad.take(), bad.next_seq) == ([], 2)
