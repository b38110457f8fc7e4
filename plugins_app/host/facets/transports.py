"""Runs the own transports of interaction plugins, each in one process of all at a time."""

import asyncio
import functools
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.common.loops import forever
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.registry import Entry
from plugins_app.host.upkeep import leases, repairs
from plugins_app.host.upkeep.presence import Presence
from plugins_app.host.upkeep.repairs import Repair

logger = logging.getLogger(__name__)

AREA = "transport"
LOOK_S = 1.0
# How often a lease is renewed, and how often one that another holds is asked for.
RENEWALS = 3
END_S = 5.0
FIRST_PAUSE_S = 2.0
LAST_PAUSE_S = 60.0

_keeping: dict[Entry, asyncio.Task[None]] = {}


class Transports:
    """Keeps the transports of this process's plugins, wherever another process does not.

    Who has it is a worker, and says so as long as it is alive.
    """

    def __init__(self) -> None:
        self._presence = Presence()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background; plugins that are switched on later are found."""
        self._presence.start()
        self._task = forever("transports", self._round)

    async def stop(self) -> None:
        """End every transport and give the leases back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for entry in list(_keeping):
            await end(entry)
        await self._presence.stop()

    async def _round(self) -> None:
        wanted = [entry for entry in registry.current().all() if has_transport(entry)]
        for entry in [one for one in _keeping if one not in wanted]:
            await end(entry)
        for entry in wanted:
            if entry not in _keeping:
                _keeping[entry] = asyncio.create_task(_keep(entry))
        await asyncio.sleep(LOOK_S)


def has_transport(entry: Entry) -> bool:
    """Whether a usable plugin has a transport that runs without anybody's asking."""
    facet = entry.plugin.interaction
    return entry.usable and facet is not None and facet.transport is not None and not facet.stdio


def lease_of(plugin_id: str) -> str:
    """Return the name of the lease under which a plugin's transport runs."""
    return f"transport {plugin_id}"


async def end(entry: Entry) -> None:
    """End the transport of an entry in this process, if it runs here."""
    task = _keeping.pop(entry, None)
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lead(entry: Entry) -> bool:
    """Run the transport until it ends; False at once when another process runs it.

    Raises `AtlasError` for what it raises, and when its lease is lost or cannot be renewed:
    it is ended before another process may take it.
    """
    # A name of its own for each try, so that one that does not end keeps the next one waiting.
    name, owner = lease_of(entry.id), leases.new_owner()
    if not await in_db(leases.take, name, owner):
        return False
    running = _Running(entry)
    try:
        await repairs.note(entry.id, AREA, [])
        await running.renewed(name, owner)
    finally:
        if await running.end():
            await _given_back(name, owner)
    return True


class _Running:
    """A transport on the loop of its plugin."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._gone: Future[None] = Future()
        self._sure_until = time.monotonic() + leases.LEASE_S
        run = functools.partial(_run, _transport(entry), self._gone)
        call = calls.call(entry, run, entry.context, timeout_s=math.inf)
        self._task = asyncio.create_task(call)

    async def renewed(self, name: str, owner: str) -> None:
        """Wait for its end, and renew the lease meanwhile."""
        every_s = leases.LEASE_S / RENEWALS
        while True:
            await asyncio.wait({self._task}, timeout=every_s)
            if self._task.done():
                await self._task
                return
            began = time.monotonic()
            try:
                if not await in_db(leases.take, name, owner):
                    raise AtlasError(_("Another process has taken its transport over."))
                self._sure_until = began + leases.LEASE_S
            except Error as error:
                if time.monotonic() + every_s >= self._sure_until:
                    raise AtlasError(_("Its lease could not be renewed.")) from error

    async def end(self) -> bool:
        """Cancel it and wait until it is gone; False when it does not go."""
        if not self._task.done():
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        try:
            async with asyncio.timeout(END_S):
                await asyncio.shield(asyncio.wrap_future(self._gone))
        except TimeoutError:
            logger.error("The transport of %s goes on although it was cancelled", self._entry.id)
            self._entry.thread.stop()
            return False
        return True


def _transport(entry: Entry) -> Callable[..., Any]:
    facet = entry.plugin.interaction
    if facet is None or facet.transport is None:
        raise AtlasError(_("The plugin has no transport of its own."))
    return facet.transport


async def _run(transport: Callable[..., Any], gone: "Future[None]", ctx: object) -> None:
    try:
        await transport(ctx)
    finally:
        gone.set_result(None)


async def _keep(entry: Entry) -> None:
    """Run the transport again and again, later while it goes on failing."""
    pause = FIRST_PAUSE_S
    while True:
        began = time.monotonic()
        try:
            led = await lead(entry)
            problem = _("Its transport ended by itself.") if led else ""
        except AtlasError as error:
            problem = error.user_message
        except Error:
            problem = ""
        if problem:
            await repairs.note(entry.id, AREA, [_repair(entry, problem)])
        if time.monotonic() - began > LAST_PAUSE_S:
            pause = FIRST_PAUSE_S
        await asyncio.sleep(pause if problem else leases.LEASE_S / RENEWALS)
        pause = min(pause * 2, LAST_PAUSE_S) if problem else FIRST_PAUSE_S


def _repair(entry: Entry, problem: str) -> Repair:
    logger.warning("Transport of plugin %s: %s", entry.id, problem)
    cure = _("It is started again by itself. Correct what the message names, or disable it.")
    return Repair("ended", entry.scrub(problem), cure, button=repairs.AGAIN)


async def _given_back(name: str, owner: str) -> None:
    try:
        await in_db(leases.give_back, name, owner)
    except Error:
        logger.info("A lease could not be given back; it runs out")
