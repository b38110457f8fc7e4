"""Lets a tool wait a little for the outcome of an action that a policy approved."""

import asyncio
import contextlib

from django.db import transaction

from approvals.execution.settling import settle
from approvals.filing.proposals import Outcome
from approvals.models import ActionRequest
from approvals.services import outcome_of
from atlas.bus import hub
from atlas.bus.topics import Topic
from atlas.common.db import in_db

POLL_S = 1.0


async def wait_for_outcome(request_id: int, timeout_s: float = 10.0) -> Outcome:
    """Return what became of the request, or where it stands after `timeout_s`.

    A request that still waits for a person is returned at once, and so is one that a freeze or a
    daily limit holds. Whoever got a final outcome here
    has told it; otherwise the follow-up run tells it, and never both.
    """
    subscription = None
    with contextlib.suppress(RuntimeError):
        subscription = hub.current().subscribe(Topic.APPROVALS, str(request_id))
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not await in_db(_is_told, request_id):
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(
                            subscription.get() if subscription else asyncio.sleep(POLL_S), POLL_S
                        )
    except asyncio.CancelledError:
        # The run was stopped: nobody listens here any more, so the follow-up has to tell it.
        await in_db(_leave, request_id)
        raise
    finally:
        if subscription is not None:
            subscription.close()
    return await in_db(_stop_waiting, request_id)


def _is_told(request_id: int) -> bool:
    request = ActionRequest.objects.get(pk=request_id)
    is_held = bool(request.held_because)
    return not request.awaited or not request.state.is_open or is_held


def _leave(request_id: int) -> None:
    """Hand the telling over, whether the request has ended meanwhile or not."""
    with transaction.atomic():
        request = ActionRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        ActionRequest.objects.filter(pk=request_id).update(awaited=False)
        if not request.state.is_open and request.origin_run_id is not None:
            settle(request.origin_run_id)


def _stop_waiting(request_id: int) -> Outcome:
    with transaction.atomic():
        request = ActionRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        if request.awaited and request.state.is_open:
            request.awaited = False
            request.save(update_fields=["awaited"])
        return outcome_of(request)
