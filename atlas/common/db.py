"""The one crossing from async code to the ORM."""

import asyncio
import contextvars
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.utils.translation import get_language, override

P = ParamSpec("P")
T = TypeVar("T")

# Smaller than the connection pool (8), so that views never starve behind the event loop's work.
MAX_THREADS = 6

# What is raised while Postgres does not answer, or not in time.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

_threads = ThreadPoolExecutor(max_workers=MAX_THREADS, thread_name_prefix="atlas-db")


async def in_db(fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn` in a thread that may use the ORM, and give its connection back afterwards.

    At most `MAX_THREADS` calls run at once; the rest wait. Each statement is bounded by the
    time limits of the database alias. Cancelling the caller does not stop `fn`. Texts are in the
    caller's language.
    """
    context = contextvars.copy_context()
    # Django keeps the language per thread, so it does not come along with the context.
    call = functools.partial(
        context.run, _call, functools.partial(fn, *args, **kwargs), get_language()
    )
    return await asyncio.get_running_loop().run_in_executor(_threads, call)


def is_outage(error: BaseException) -> bool:
    """Whether Postgres is away: it does not answer, not in time, or takes no writes for now."""
    # A server that others are failing over to, or from, is read-only for a while.
    written = (error, error.__cause__)
    read_only = any(isinstance(one, psycopg.errors.ReadOnlySqlTransaction) for one in written)
    return isinstance(error, AWAY) or read_only


def _call(fn: Callable[[], T], language: str | None) -> T:
    try:
        with override(language):
            return fn()
    finally:
        connections.close_all()
