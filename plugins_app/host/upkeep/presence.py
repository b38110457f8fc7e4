"""Tells that a worker is alive: each one renews a lease of its own name."""

import asyncio

from atlas.common.db import in_db
from atlas.common.loops import cancelled, forever
from plugins_app.host.models import PluginLease, PluginLeaseQuerySet
from plugins_app.host.upkeep import leases

PREFIX = "worker "


class Presence:
    """The sign of life of this worker."""

    def __init__(self) -> None:
        self._owner = leases.new_owner()
        self._name = f"{PREFIX}{self._owner}"[:100]
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = forever("presence", self._round)

    async def stop(self) -> None:
        """Take the sign away, so that nobody counts on this worker."""
        if self._task is None:
            return
        await cancelled([self._task])
        self._task = None
        await in_db(leases.give_back, self._name, self._owner)

    async def _round(self) -> None:
        await in_db(leases.take, self._name, self._owner)
        await asyncio.sleep(leases.LEASE_S / 3)


def is_any_worker_alive() -> bool:
    """Whether some process answers questions."""
    return _signs().in_force().exists()


def forget_dead_workers() -> None:
    """Remove the signs of workers that ended long ago without taking them away."""
    _signs().long_gone().delete()


def _signs() -> PluginLeaseQuerySet:
    return PluginLease.objects.filter(name__startswith=PREFIX)
