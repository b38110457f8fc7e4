"""Limits of parallel queries hold over processes, and end with a process that is killed."""

import asyncio
import datetime
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from atlas.common.db import in_db
from atlas.datasources import slots
from atlas.datasources.limits import Limits, set_limits
from atlas.datasources.models import QuerySlot
from atlas.datasources.slots import TooManyQueries, slot
from tests.polling import until, until_stored

ROOT = Path(__file__).parents[2]
RIVALS = 40
# A process of its own that holds a place until it is told to end, or killed.
HOLDER = """
import asyncio, sys
import django
django.setup()
from atlas.datasources import slots
slots.LEASE_S, slots.RENEW_S = 4.0, 0.2

async def hold():
    async with slots.slot(7, "shop"):
        print("held", flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(hold())
"""


@pytest.fixture(autouse=True)
def one_each() -> Iterator[None]:
    set_limits(Limits(parallel_per_person=1, parallel_per_datasource=2))
    yield
    set_limits(Limits())


async def is_free(person: int = 7, datasource: str = "shop") -> bool:
    try:
        async with slot(person, datasource):
            return True
    except TooManyQueries:
        return False


@pytest.fixture
def holder(own_database, tmp_path):
    """Another process that holds ann's only place."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={
            **own_database.variables,
            "DJANGO_SETTINGS_MODULE": "atlas.settings",
            "ATLAS_DATA_DIR": str(tmp_path),
            "PATH": "",
        },
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


async def test_a_place_in_another_process_counts_until_it_is_given_back(holder):
    assert not await is_free()
    assert await is_free(person=8)
    assert await is_free(datasource="other", person=9)

    first = (await in_db(QuerySlot.objects.get)).until
    later = first + datetime.timedelta(seconds=1)
    await until_stored(QuerySlot.objects.filter(until__gt=later).exists)
    assert not await is_free()

    await asyncio.to_thread(holder.communicate, "go\n")
    assert await is_free()


async def test_a_killed_process_holds_nothing_for_long(holder):
    assert not await is_free()

    holder.kill()

    await until(is_free, timeout_s=30)


@pytest.mark.django_db(transaction=True)
async def test_of_many_at_once_as_many_run_as_may():
    set_limits(Limits(parallel_per_person=100, parallel_per_datasource=3))
    running, most, refused = 0, 0, 0
    all_tried = asyncio.Event()

    async def query(person):
        nonlocal running, most, refused
        try:
            async with slot(person, "shop"):
                running += 1
                most = max(most, running)
                await all_tried.wait()
                running -= 1
        except TooManyQueries:
            refused += 1
            if refused == RIVALS - 3:
                all_tried.set()

    await asyncio.wait_for(asyncio.gather(*(query(n) for n in range(RIVALS))), 30)

    assert (most, refused) == (3, RIVALS - 3)
    assert await in_db(QuerySlot.objects.count) == 0


@pytest.mark.django_db(transaction=True)
async def test_a_query_that_fails_or_is_cancelled_gives_its_place_back():
    with pytest.raises(ValueError, match="broken"):
        async with slot(7, "shop"):
            raise ValueError("broken")

    held = asyncio.Event()

    async def forever():
        async with slot(7, "shop"):
            held.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(forever())
    await held.wait()
    assert not await is_free()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert await is_free()
    assert slots._held == set()


@pytest.mark.django_db(transaction=True)
async def test_the_refusal_says_whose_limit_it_is():
    async with slot(7, "shop"):
        with pytest.raises(TooManyQueries, match="You have 1 query running"):
            await slot(7, "other").__aenter__()
        async with slot(8, "shop"):
            with pytest.raises(TooManyQueries, match="“shop” is busy"):
                await slot(9, "shop").__aenter__()


@pytest.mark.django_db(transaction=True)
async def test_places_go_on_being_prolonged_after_a_round_that_fails(monkeypatch):
    rounds = []
    prolong = slots._prolong

    def failing_first(held):
        rounds.append(held)
        if len(rounds) == 1:
            raise psycopg.OperationalError("the connection is lost")
        prolong(held)

    monkeypatch.setattr(slots, "RENEW_S", 0.05)
    monkeypatch.setattr(slots, "_prolong", failing_first)

    async with slot(7, "shop"):
        first = (await in_db(QuerySlot.objects.get)).until
        await until_stored(QuerySlot.objects.filter(until__gt=first).exists)
