"""Promises of wake-ups within a process: in order, for those who asked, and never without bound."""

import asyncio

import pytest

from atlas.bus.hub import MAX_WAITING, Hub
from atlas.bus.topics import Topic


async def taken(subscription, count: int) -> list[str | None]:
    async with asyncio.timeout(2):
        return [await subscription.get() for _ in range(count)]


async def is_empty(subscription) -> bool:
    waiting = asyncio.create_task(subscription.get())
    await asyncio.sleep(0)
    done = waiting.done()
    waiting.cancel()
    return not done


async def test_wake_ups_come_in_order_to_whoever_asked_for_them() -> None:
    hub = Hub()
    everything = hub.subscribe(Topic.RUNS)
    one = hub.subscribe(Topic.RUNS, "b")
    other_topic = hub.subscribe(Topic.USER)

    for key in ("a", "b", "c"):
        hub.wake(Topic.RUNS, key)

    assert await taken(everything, 3) == ["a", "b", "c"]
    assert await taken(one, 1) == ["b"]
    assert await is_empty(one)
    assert await is_empty(other_topic)


async def test_a_reader_who_is_too_slow_is_told_to_look_again_and_goes_on() -> None:
    hub = Hub()
    slow = hub.subscribe(Topic.RUNS)

    for number in range(MAX_WAITING + 1):
        hub.wake(Topic.RUNS, str(number))
    hub.wake(Topic.RUNS, "later")

    assert await taken(slow, 2) == [None, "later"]
    assert await is_empty(slow)


async def test_a_full_queue_of_wake_ups_is_delivered_whole() -> None:
    hub = Hub()
    reader = hub.subscribe(Topic.RUNS)

    for number in range(MAX_WAITING):
        hub.wake(Topic.RUNS, str(number))

    assert await taken(reader, MAX_WAITING) == [str(number) for number in range(MAX_WAITING)]


async def test_what_was_missed_replaces_what_waits() -> None:
    hub = Hub()
    readers = [hub.subscribe(Topic.RUNS), hub.subscribe(Topic.USER, "7")]
    hub.wake(Topic.RUNS, "a")

    hub.wake_everybody()

    assert [await taken(reader, 1) for reader in readers] == [[None], [None]]
    assert await is_empty(readers[0])


async def test_a_closed_subscription_hears_nothing() -> None:
    hub = Hub()
    closed = hub.subscribe(Topic.RUNS)
    closed.close()

    hub.wake(Topic.RUNS, "a")
    hub.wake_everybody()

    assert await is_empty(closed)


async def test_one_reader_follows_several_topics_in_one_order() -> None:
    hub = Hub()
    reader = hub.subscribe_to({Topic.USER: "7", Topic.RUNS: None})
    for topic, key in ((Topic.RUNS, "a"), (Topic.USER, "8"), (Topic.USER, "7"), (Topic.RUN, "b")):
        hub.wake(topic, key)

    assert [await reader.take(), await reader.take()] == [(Topic.RUNS, "a"), (Topic.USER, "7")]
    hub.wake_everybody()
    assert await taken(reader, 1) == [None]
    assert await is_empty(reader)


async def test_a_reader_that_gave_up_waiting_loses_nothing() -> None:
    hub = Hub()
    reader = hub.subscribe(Topic.RUNS)
    assert await is_empty(reader)

    hub.wake(Topic.RUNS, "a")

    assert await taken(reader, 1) == ["a"]


@pytest.mark.parametrize("key", ["a", None])
async def test_a_waiting_reader_wakes_up(key: str | None) -> None:
    reader = Hub().subscribe(Topic.RUNS)
    waiting = asyncio.create_task(taken(reader, 1))
    await asyncio.sleep(0)

    reader.put(key and (Topic.RUNS, key))

    assert await waiting == [key]
