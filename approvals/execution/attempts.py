"""Carries out one approved request, at most as often as its delivery class allows."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from pydantic import BaseModel

from approvals.enums import Delivery, Status
from approvals.execution import claims, endings, preflight, undoing
from approvals.execution.attached import files_of
from approvals.execution.claims import Claim
from approvals.execution.endings import Ending
from approvals.execution.live_log import LiveLog, live_log
from approvals.execution.preflight import Problem
from approvals.filing.proposing import validated
from approvals.models import ActionRequest
from atlas.common.db import in_db, is_outage
from atlas.common.errors import AtlasError, BadInput
from plugins_app.host.errors import ActionDidNotHappen, ActionOutcomeUnknown, PluginUnavailable
from plugins_app.host.facets import actions
from plugins_app.host.facets.actions import RegisteredAction
from plugins_app.sdk import ActionContext

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often the executor looks, and how long a lease lives; seconds.

    A process that needed more than `held_up_s` from its last look to the call does not call.
    """

    poll_s: float = 2.0
    sweep_s: float = 10.0
    lease_s: float = claims.LEASE_S
    renew_s: float = 5.0
    retry_s: float = 1.0
    held_up_s: float = 5.0


DEFAULT_PACE = Pace()


@dataclass(frozen=True)
class Attempt:
    """Everything that one call of the plugin needs."""

    action: RegisteredAction
    arguments: BaseModel
    context: ActionContext


async def carry_out(claim: Claim, pace: Pace = DEFAULT_PACE) -> None:
    """Bring one claimed request to its end, and record that end.

    The intent is committed before the plugin is called, and no transaction is open meanwhile.
    """
    ending: Ending | None
    if claim.lets_undo:
        await in_db(undoing.begin_approved, claim)
        return
    if claim.is_query:
        from approvals.execution.query_runs import run  # noqa: PLC0415 - slow import of the guard's parser

        ending = await run(claim, retry_s=pace.retry_s)
    else:
        async with live_log(claim) as log:
            ending = await _carried(claim, pace, log)
    if ending is not None:
        await _record(claim, ending, pace)


async def _carried(claim: Claim, pace: Pace, log: LiveLog) -> Ending | None:
    if claim.is_rollback:
        return await _undo(claim, log)
    return await (_resume if claim.is_resumed else _start)(claim, pace, log)


async def _start(claim: Claim, pace: Pace, log: LiveLog) -> Ending | None:
    request = await in_db(_claimed, claim)
    action = actions.find(claim.action)
    if request is None:
        return None
    if action is None:
        await in_db(preflight.give_up, claim, preflight.gone())
        return None
    try:
        attempt = await prepared(action, request, log.hear)
    except BadInput:
        await in_db(preflight.begin, claim, action, False)
        return None
    except AtlasError:
        await in_db(preflight.give_up, claim, preflight.gone())
        return None
    looked_at = _now()
    begun = await in_db(preflight.begin, claim, action, True)
    if begun is None:
        return None
    if _now() - looked_at > pace.held_up_s:
        # Frozen meanwhile: the lease may be another's by now, and nothing has been sent yet.
        return endings.held_up()
    return await _try(claim, attempt, begun, pace)


async def _resume(claim: Claim, pace: Pace, log: LiveLog) -> Ending | None:
    """Go on where a lost process stopped, as the delivery class allows."""
    request = await in_db(_claimed, claim)
    if request is None:
        return None
    action = actions.find(claim.action)
    if action is None or request.delivery == Delivery.ONCE:
        return endings.lost()
    try:
        attempt = await prepared(action, request, log.hear)
    except AtlasError:
        return endings.lost()
    if request.delivery == Delivery.RECONCILABLE:
        return await _asked(attempt, endings.lost())
    again = await in_db(preflight.begin_again, claim, action)
    return endings.lost() if again is None else await _try(claim, attempt, again, pace)


async def _undo(claim: Claim, log: LiveLog) -> Ending | None:
    """Roll back what was done, once; a lost try is sent again only under the same key."""
    request = await in_db(_claimed, claim)
    if request is None:
        return None
    if claim.is_resumed and request.delivery != Delivery.IDEMPOTENT:
        return endings.lost().of_rollback()
    action = actions.find(claim.action)
    if action is None:
        ending: Ending | None = endings.failed("action_gone", preflight.gone().text)
    else:
        ending = await _undone(claim, action, log)
    if ending is None:
        return None
    return (endings.doubted(ending) if claim.is_resumed else ending).of_rollback()


async def _undone(claim: Claim, action: RegisteredAction, log: LiveLog) -> Ending | None:
    begun = await in_db(undoing.begin_undo, claim, action)
    if begun is None:
        return None
    if isinstance(begun, Problem):
        return endings.failed(begun.code, begun.text)
    try:
        context = actions.context(
            action,
            idempotency_key=f"{begun.idempotency_key}-rollback",
            request_id=str(begun.pk),
            requester_name=begun.requester_name,
            hear=log.hear,
        )
    except AtlasError as error:
        return endings.failed(error.code, error.user_message)
    return await _ended(actions.roll_back(action, begun.result, context))


async def prepared(
    action: RegisteredAction, request: ActionRequest, hear: Callable[[str], None] | None = None
) -> Attempt:
    """Check the stored arguments again and make the context; raises `BadInput` when they misfit."""
    arguments = await validated(action, request.arguments)
    context = actions.context(
        action,
        idempotency_key=str(request.idempotency_key),
        request_id=str(request.pk),
        requester_name=request.requester_name,
        attachments=files_of(request),
        hear=hear,
    )
    return Attempt(action, arguments, context)


async def _try(claim: Claim, attempt: Attempt, request: ActionRequest, pace: Pace) -> Ending:
    ending = await _called(attempt, request)
    while ending.status is Status.UNKNOWN:
        if request.delivery == Delivery.RECONCILABLE:
            return await _asked(attempt, ending)
        await asyncio.sleep(pace.retry_s if request.delivery == Delivery.IDEMPOTENT else 0)
        again = await in_db(preflight.begin_again, claim, attempt.action)
        if again is None:
            return ending
        ending = await _called(attempt, again)
    return ending


async def _called(attempt: Attempt, request: ActionRequest) -> Ending:
    ending = await _ended(actions.execute(attempt.action, attempt.arguments, attempt.context))
    return endings.doubted(ending) if request.attempts > 1 else ending


async def _ended(effect: Coroutine[None, None, dict[str, object]]) -> Ending:
    try:
        return endings.executed(await effect)
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
    return endings.reconciled(found, otherwise)


async def _record(claim: Claim, ending: Ending, pace: Pace) -> None:
    """Write the ending down, and keep trying while the lease could still be ours."""
    deadline = _now() + 2 * pace.lease_s
    while True:
        try:
            await in_db(endings.finish, claim, ending)
        except Exception as error:
            if not is_outage(error) or _now() > deadline:
                raise
            await asyncio.sleep(pace.retry_s)
        else:
            return


def _claimed(claim: Claim) -> ActionRequest | None:
    return ActionRequest.objects.filter(pk=claim.request_id, fence=claim.fence).first()


def _now() -> float:
    return asyncio.get_running_loop().time()
