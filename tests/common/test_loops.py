"""Promises of loops that never end: no failure is their last, and who died is known."""

import asyncio
import logging
import threading

import django.db
import psycopg
import pytest

from atlas.common import loops
from atlas.common.completion import completed
from atlas.common.db import is_outage
from atlas.common.loops import ended, forever


def read_only() -> BaseException:
    """What the ORM raises on a server that takes no writes."""
    error = django.db.InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = psycopg.errors.ReadOnlySqlTransaction("read-only")
    return error


FAILURES = {
    "django operational": (django.db.OperationalError("gone"), True),
    "django interface": (django.db.InterfaceError("closed"), True),
    "driver operational": (psycopg.OperationalError("gone"), True),
    "driver interface": (psycopg.InterfaceError("closed"), True),
    "driver read-only": (psycopg.errors.ReadOnlySqlTransaction("read-only"), True),
    "django read-only": (read_only(), True),
    "internal": (psycopg.InternalError("odd"), False),
    "bad data": (django.db.DataError("odd"), False),
    "a bug": (ValueError("odd"), False),
    "cancelled by nobody": (asyncio.CancelledError(), False),
}


@pytest.mark.parametrize(("failure", "is_away"), FAILURES.values(), ids=FAILURES)
async def test_a_loop_outlives_every_failure(
    failure: BaseException, is_away: bool, caplog: pytest.LogCaptureFixture
) -> None:
    faults, went_on, failed = [failure], asyncio.Event(), []

    async def attempt() -> None:
        if faults:
            raise faults.pop()
        went_on.set()
        await asyncio.Event().wait()

    task = forever("probe", attempt, retry_s=0.0, on_failure=lambda: failed.append(1))
    async with asyncio.timeout(5):
        await went_on.wait()
    assert loops.dead() == []
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert (task.cancelled(), failed, is_outage(failure)) == (True, [1], is_away)
    assert [one.levelno for one in caplog.records] == [
        logging.WARNING if is_away else logging.ERROR
    ]
    assert loops.dead() == []


@pytest.mark.parametrize("raises", [False, True])
async def test_a_loop_ends_though_its_attempt_kept_the_cancellation_to_itself(
    raises: bool,
) -> None:
    begun, may_end = asyncio.Event(), threading.Event()

    def work() -> None:
        assert may_end.wait(5)
        if raises:
            raise django.db.OperationalError("gone")

    async def attempt() -> None:
        begun.set()
        await completed(asyncio.to_thread(work))

    task = forever("probe", attempt)
    await begun.wait()
    task.cancel()
    may_end.set()

    async with asyncio.timeout(5):
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_who_ended_is_known_as_long_as_somebody_has_the_task() -> None:
    class TooMuch(BaseException):
        pass

    async def attempt() -> None:
        raise TooMuch

    task = forever("probe", attempt)
    assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], TooMuch)

    assert loops.dead() == ["probe"]
    del task


async def test_a_step_of_a_stop_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def stop() -> None:
        raise ValueError("odd")

    await ended("the probe", stop())

    assert caplog.messages == ["Stopping the probe failed"]
