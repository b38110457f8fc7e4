"""Claims approved requests and has them carried out, several at a time."""

import asyncio
import contextlib
import functools
import uuid
from collections.abc import Awaitable, Callable

from approvals import services
from approvals.api import replies
from approvals.deciding.escalating import escalate
from approvals.execution import claims
from approvals.execution.attempts import DEFAULT_PACE, Pace, carry_out
from approvals.execution.claims import Claim
from approvals.execution.settling import settle_finished
from atlas.bus import hub
from atlas.bus.hub import Subscription
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.loops import cancelled, ended, forever, told
from plugins_app.host import registry


class Executor:
    """Claims approved requests and carries them out, several at a time.

    Woken by the bus and by a poll; any number of executors may run in any number of processes.
    """

    def __init__(self, *, slots: int = 4, pace: Pace = DEFAULT_PACE) -> None:
        self.owner = f"executor-{uuid.uuid4().hex[:12]}"
        self._slots = slots
        self._pace = pace
        self._held: dict[Claim, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Begin to claim; returns at once."""
        with contextlib.suppress(RuntimeError):
            # Without a bus in this process the poll alone finds the work.
            self._subscription = hub.current().subscribe(Topic.APPROVALS)
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "claim": self._claim,
            "renew": self._renew,
            "sweep": self._sweep,
        }
        if self._subscription is not None:
            work["listen"] = functools.partial(self._listen, self._subscription)
        self._loops = [forever(f"approvals-{name}", run) for name, run in work.items()]

    async def stop(self, *, grace_s: float = 5.0) -> None:
        """Claim nothing more, wait for what runs, and leave the rest to whoever comes next."""
        renewing = [task for task in self._loops if task.get_name() == "approvals-renew"]
        await cancelled([task for task in self._loops if task not in renewing])
        if self._held:
            await asyncio.wait(self._held.values(), timeout=grace_s)
        left = dict(self._held)
        await cancelled([*left.values(), *renewing])
        for one in left:
            await ended("a request's lease", in_db(claims.release, one))
        if self._subscription is not None:
            self._subscription.close()

    async def claim_once(self) -> int:
        """Claim what is free and begin it; returns how many requests were claimed.

        A process without plugins claims nothing: it could only let the requests lapse.
        """
        free = self._slots - len(self._held)
        if free <= 0 or not registry.is_running():
            return 0
        found = await in_db(claims.claim, self.owner, slots=free, lease_s=self._pace.lease_s)
        for one in found:
            task = asyncio.create_task(self._carry(one), name=f"request-{one.request_id}")
            self._held[one] = task
            task.add_done_callback(functools.partial(self._ended, one))
        return len(found)

    async def idle(self) -> None:
        """Wait until nothing that was claimed here is still running."""
        while self._held:
            await asyncio.wait(self._held.values())
            await asyncio.sleep(0)

    async def _carry(self, one: Claim) -> None:
        try:
            await carry_out(one, self._pace)
        except Exception as error:  # noqa: BLE001 - logged by `told`
            # The lease runs out, and the delivery class decides what the next holder may do.
            told(f"Request {one.request_id}", error)

    def _ended(self, one: Claim, _task: asyncio.Task[None]) -> None:
        self._held.pop(one, None)
        self._wake.set()

    async def _claim(self) -> None:
        self._wake.clear()
        await self.claim_once()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self._pace.poll_s)

    async def _renew(self) -> None:
        await asyncio.sleep(self._pace.renew_s)
        if self._held:
            await in_db(claims.renew, list(self._held), lease_s=self._pace.lease_s)

    async def _sweep(self) -> None:
        await in_db(services.sweep)
        await in_db(escalate)
        await in_db(settle_finished)
        await in_db(replies.delete_old)
        await asyncio.sleep(self._pace.sweep_s)

    async def _listen(self, subscription: Subscription) -> None:
        async for _key in subscription:
            self._wake.set()
