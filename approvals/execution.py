"""Carries out approved requests, each at most as often as its delivery class allows."""

import asyncio
import contextlib
import functools
import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError
from pydantic import BaseModel

from approvals import claims, endings, preflight, services
from approvals.attached import files_of
from approvals.claims import Claim
from approvals.endings import Ending
from approvals.enums import Delivery
from approvals.models import ActionRequest
from approvals.proposing import validated
from approvals.settling import settle_finished
from atlas.bus import hub
from atlas.bus.hub import Subscription
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.errors import AtlasError, BadInput
from plugins_app.host import actions, registry
from plugins_app.host.actions import RegisteredAction
from plugins_app.host.errors import ActionDidNotHappen, ActionOutcomeUnknown, PluginUnavailable
from plugins_app.sdk import ActionContext

logger = logging.getLogger(__name__)

DATABASE_AWAY = (DatabaseError, InterfaceError)


@dataclass(frozen=True)
class Pace:
    """How often the executor looks, and how long a lease lives; seconds."""

    poll_s: float = 2.0
    sweep_s: float = 10.0
    lease_s: float = claims.LEASE_S
    renew_s: float = 5.0
    retry_s: float = 1.0


DEFAULT_PACE = Pace()


@dataclass(frozen=True)
class Attempt:
    """Everything that one call of the plugin needs."""

    action: RegisteredAction
    arguments: BaseModel
    context: ActionContext


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
        work = {"claim": self._claim_for_ever(), "renew": self._renew_for_ever()}
        work["sweep"] = self._sweep_for_ever()
        if self._subscription is not None:
            work["listen"] = self._listen(self._subscription)
        self._loops = [asyncio.create_task(run, name=f"approvals-{n}") for n, run in work.items()]

    async def stop(self, *, grace_s: float = 5.0) -> None:
        """Claim nothing more, wait for what runs, and leave the rest to whoever comes next."""
        renewing = [task for task in self._loops if task.get_name() == "approvals-renew"]
        await _cancelled([task for task in self._loops if task not in renewing])
        if self._held:
            await asyncio.wait(self._held.values(), timeout=grace_s)
        left = dict(self._held)
        await _cancelled([*left.values(), *renewing])
        for one in left:
            with _going_on():
                await in_db(claims.release, one)
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
        except DATABASE_AWAY:
            logger.warning("Postgres is away; request %s is taken up later.", one.request_id)
        except Exception:
            # The lease runs out, and the delivery class decides what the next holder may do.
            logger.exception("Request %s could not be carried out.", one.request_id)

    def _ended(self, one: Claim, _task: asyncio.Task[None]) -> None:
        self._held.pop(one, None)
        self._wake.set()

    async def _claim_for_ever(self) -> None:
        while True:
            self._wake.clear()
            with _going_on():
                await self.claim_once()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._pace.poll_s)

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._pace.renew_s)
            if self._held:
                with _going_on():
                    await in_db(claims.renew, list(self._held), lease_s=self._pace.lease_s)

    async def _sweep_for_ever(self) -> None:
        while True:
            with _going_on():
                await in_db(services.sweep)
                await in_db(settle_finished)
            await asyncio.sleep(self._pace.sweep_s)

    async def _listen(self, subscription: Subscription) -> None:
        async for _key in subscription:
            self._wake.set()


async def carry_out(claim: Claim, pace: Pace = DEFAULT_PACE) -> None:
    """Bring one claimed request to its end, and record that end.

    The intent is committed before the plugin is called, and no transaction is open meanwhile.
    """
    ending = await (_resume(claim, pace) if claim.is_resumed else _start(claim, pace))
    if ending is not None:
        await _record(claim, ending, pace)


async def _start(claim: Claim, pace: Pace) -> Ending | None:
    request = await in_db(_claimed, claim)
    action = _registered(claim.action)
    if request is None:
        return None
    if action is None:
        await in_db(preflight.give_up, claim, preflight.gone())
        return None
    try:
        attempt = await prepared(action, request)
    except BadInput:
        await in_db(preflight.begin, claim, action, False)
        return None
    except AtlasError:
        await in_db(preflight.give_up, claim, preflight.gone())
        return None
    begun = await in_db(preflight.begin, claim, action, True)
    return None if begun is None else await _try(claim, attempt, begun, pace)


async def _resume(claim: Claim, pace: Pace) -> Ending | None:
    """Go on where a lost process stopped, as the delivery class allows."""
    request = await in_db(_claimed, claim)
    if request is None:
        return None
    action = _registered(claim.action)
    if action is None or request.delivery == Delivery.ONCE:
        return endings.lost()
    try:
        attempt = await prepared(action, request)
    except AtlasError:
        return endings.lost()
    if request.delivery == Delivery.RECONCILABLE:
        return await _asked(attempt, endings.lost())
    again = await in_db(preflight.begin_again, claim, action)
    return endings.lost() if again is None else await _try(claim, attempt, again, pace)


async def prepared(action: RegisteredAction, request: ActionRequest) -> Attempt:
    """Check the stored arguments again and make the context; raises `BadInput` when they misfit."""
    arguments = await validated(action, request.arguments)
    context = actions.context(
        action,
        idempotency_key=str(request.idempotency_key),
        request_id=str(request.pk),
        requester_name=request.requester_name,
        attachments=files_of(request),
    )
    return Attempt(action, arguments, context)


async def _try(claim: Claim, attempt: Attempt, request: ActionRequest, pace: Pace) -> Ending:
    ending = await _called(attempt)
    while ending.code == ActionOutcomeUnknown.code:
        if request.delivery == Delivery.RECONCILABLE:
            return await _asked(attempt, ending)
        await asyncio.sleep(pace.retry_s if request.delivery == Delivery.IDEMPOTENT else 0)
        again = await in_db(preflight.begin_again, claim, attempt.action)
        if again is None:
            return ending
        ending = await _called(attempt)
    return ending


async def _called(attempt: Attempt) -> Ending:
    try:
        return endings.executed(
            await actions.execute(attempt.action, attempt.arguments, attempt.context)
        )
    except (ActionDidNotHappen, PluginUnavailable) as error:
        return endings.failed(error.code, error.user_message)
    except ActionOutcomeUnknown as error:
        return endings.unknown(error.code, error.user_message)


async def _asked(attempt: Attempt, otherwise: Ending) -> Ending:
    """What the other side says about an earlier try; `otherwise` when it cannot tell."""
    try:
        found = await actions.reconcile(attempt.action, attempt.arguments, attempt.context)
    except AtlasError:
        return otherwise
    if found.outcome == "executed":
        return endings.executed(found.result)
    if found.outcome == "failed":
        return endings.failed("reconciled", str(found.result.get("message") or otherwise.text))
    return otherwise


async def _record(claim: Claim, ending: Ending, pace: Pace) -> None:
    """Write the ending down, and keep trying while the lease could still be ours."""
    deadline = asyncio.get_running_loop().time() + 2 * pace.lease_s
    while True:
        try:
            await in_db(endings.finish, claim, ending)
        except DATABASE_AWAY:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(pace.retry_s)
        else:
            return


@contextlib.contextmanager
def _going_on() -> Iterator[None]:
    """Let a loop outlive whatever one of its rounds raises."""
    try:
        yield
    except DATABASE_AWAY:
        logger.warning("Postgres is away; approvals go on when it is back.")
    except Exception:
        logger.exception("A round of the approvals executor failed; the next one tries again.")


async def _cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def _claimed(claim: Claim) -> ActionRequest | None:
    return ActionRequest.objects.filter(pk=claim.request_id, fence=claim.fence).first()


def _registered(name: str) -> RegisteredAction | None:
    return actions.find(name) if registry.is_running() else None
