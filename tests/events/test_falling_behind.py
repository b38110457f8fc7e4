"""Promises to followers who are slow, who missed every wake-up, or who are told things twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from uuid import UUID

import pytest
from django.db import OperationalError

from atlas.bus import hub as bus
from atlas.common.db import in_db
from atlas.conversations import services
from atlas.conversations.enums import EventKind, RunStatus
from atlas.conversations.models import Run, RunEvent
from atlas.events import feed as feeds
from atlas.events.feed import MAX_WAITING, Feed
from atlas.events.replay import read_runs, text_of
from atlas.events.stored import RunQueued, StoredEvent
from atlas.events.stream import MAX_BUFFERED_BYTES, MAX_EVENT_BYTES, RunStream
from atlas.events.writer import EventWriter
from tests.polling import until

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(ann) -> Run:
    run = services.ask(ann, "How many?")
    Run.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, fence=1)
    return run


@pytest.fixture
def installed() -> Iterator[Feed]:
    feed = Feed()
    feeds.install(feed)
    yield feed
    feeds.install(None)


def write(run: Run, first: int, last: int) -> list[StoredEvent]:
    """Store events as another process does, without waking anybody."""
    RunEvent.objects.bulk_create(
        RunEvent(run=run, seq=seq, kind=EventKind.TEXT, payload={"text": f"{seq} "})
        for seq in range(first, last + 1)
    )
    return read_runs({run.pk: first - 1})


async def given(news: AsyncIterator, until: int) -> list[int]:
    """The numbers that a follower gets, up to `until`."""
    numbers: list[int] = []
    async with asyncio.timeout(60):
        async for item in news:
            if not isinstance(item, RunQueued):
                numbers += [event.seq for event in item]
            if until in numbers:
                return numbers
    raise AssertionError(numbers)


@database
async def test_a_follower_who_reads_too_slowly_still_gets_all_in_order_and_once(
    run: Run, installed: Feed
) -> None:
    last = MAX_WAITING + 10
    async with aclosing(feeds.follow(run.conversation_id, {})) as news:
        assert isinstance(await anext(news), RunQueued)
        events = await in_db(write, run, 1, last)
        waits = asyncio.create_task(anext(news))
        await asyncio.sleep(0)
        for event in events:
            installed.publish(run.conversation_id, [event])

        first = await waits
        numbers = await given(news, last)

    assert [event.seq for event in first] + numbers == list(range(1, last + 1))


@database
async def test_what_was_given_is_not_given_again(run: Run, installed: Feed) -> None:
    async with aclosing(feeds.follow(run.conversation_id, {})) as news:
        await anext(news)
        events = await in_db(write, run, 1, 3)
        installed.publish(run.conversation_id, events[:2])
        installed.publish(run.conversation_id, events[:2])
        installed.publish(run.conversation_id, events[2:])

        numbers = await given(news, 3)

    assert numbers == [1, 2, 3]


@database
async def test_without_any_wake_up_the_poll_finds_what_is_new_also_after_an_outage(
    run: Run, installed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    newest, asked = feeds._newest_numbers, []

    def away_at_first(conversation_ids):
        asked.append(conversation_ids)
        if len(asked) == 1:
            raise OperationalError("the server is gone")
        return newest(conversation_ids)

    monkeypatch.setattr(feeds, "_newest_numbers", away_at_first)

    async def polled(times: int) -> None:
        await until(lambda: len(asked) >= times)

    monkeypatch.setattr(feeds, "POLL_S", 0.01)
    bus.install(bus.Hub())
    installed.start()
    await polled(2)
    async with aclosing(feeds.follow(run.conversation_id, {})) as news:
        await anext(news)
        await in_db(write, run, 1, 3)

        numbers = await given(news, 3)
        with_nothing_new = len(asked) + 2
        await polled(with_nothing_new)

    await installed.stop()
    bus.install(None)
    assert numbers == [1, 2, 3]
    assert [] in asked
    assert [run.conversation_id] in asked
    assert "feed-poll waits for Postgres: the server is gone" in caplog.messages


@database
async def test_a_follower_whose_reading_meets_an_outage_reads_again(
    run: Run, installed: Feed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = feeds._read_gap
    faults: list[Exception] = [OperationalError("the server is gone")]

    def away_at_first(conversation_id, seen):
        if faults:
            raise faults.pop()
        return read(conversation_id, seen)

    monkeypatch.setattr(feeds, "_read_gap", away_at_first)
    monkeypatch.setattr(feeds, "RETRY_S", 0.01)
    await in_db(write, run, 1, 3)
    async with aclosing(feeds.follow(run.conversation_id, {})) as news:
        assert await given(news, 3) == [1, 2, 3]
    assert "A reader of a conversation waits for Postgres: the server is gone" in caplog.messages

    faults.append(RuntimeError("a bug"))
    async with aclosing(feeds.follow(run.conversation_id, {})) as news:
        with pytest.raises(RuntimeError, match="a bug"):
            await anext(news)


def test_nobody_follows_before_atlas_has_started() -> None:
    with pytest.raises(RuntimeError, match="has not been started"):
        feeds.follow(UUID(int=1), {})


@database
def test_the_text_of_events_is_the_answer_alone(run: Run) -> None:
    events = write(run, 1, 3)
    refusal = StoredEvent(run.pk, 4, str(EventKind.REFUSE), {"text": "not of the answer"})

    assert text_of([*events, refusal]) == "1 2 3 "


async def test_a_run_waits_while_too_much_of_it_is_unconfirmed() -> None:
    stream = RunStream(None, None, 1, lambda _stream: None)
    stream.emit_text("little")
    async with asyncio.timeout(10):
        await stream.room()
    payload = {"message": "x" * (MAX_EVENT_BYTES - 20)}
    for _ in range(MAX_BUFFERED_BYTES // MAX_EVENT_BYTES + 1):
        stream.emit(EventKind.REFUSE, payload)

    waiting = asyncio.create_task(stream.room())
    await asyncio.sleep(0)
    assert not waiting.done()

    stream.confirm(len(stream.take()))
    async with asyncio.timeout(10):
        await waiting


async def test_a_writer_that_was_never_started_stops() -> None:
    await EventWriter(lambda _conversation, _events: None).stop()


@database
async def test_a_stream_with_nothing_to_write_is_not_refused_beside_one_that_has(
    run: Run,
) -> None:
    published: list[StoredEvent] = []
    writer = EventWriter(lambda _conversation, events: published.extend(events))
    idle = writer.open(run.conversation_id, run.conversation_id, 1)
    busy = writer.open(run.pk, run.conversation_id, 1)
    idle.emit_text("confirmed already")
    idle.confirm(len(idle.take()))
    busy.emit_text("words")

    await writer.stop()

    assert [event.payload for event in published] == [{"text": "words"}]
    assert (idle.refused, idle.lost.is_set()) == (0, False)
