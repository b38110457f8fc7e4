"""A plugin with one action for each delivery class, all carried out by `tests.faults.remote`."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from plugins_app.sdk import (
    Action,
    ActionContext,
    ActionFailed,
    Delivery,
    OutcomeUnknown,
    Plugin,
    Reconciled,
)
from tests.approvals.desk import NoteArguments

DELIVERIES: tuple[Delivery, ...] = ("once", "idempotent", "reconcilable")
DEADLINE_S = 0.6


def remote_desk(port: int) -> Plugin[Any]:
    """The plugin; each action is called as its delivery class."""
    made = tuple(_action(port, delivery) for delivery in DELIVERIES)
    return Plugin(id="remote", types=("action",), version="1.0.0", actions=made)


def _action(port: int, delivery: Delivery) -> Action[NoteArguments]:
    async def execute(arguments: NoteArguments, ctx: ActionContext) -> dict[str, Any]:
        ctx.logger.info("Asking the remote system")
        sent = arguments.model_dump_json()
        answer = await _ask(
            port,
            verb="do",
            key=ctx.idempotency_key,
            request=ctx.request_id,
            delivery=delivery,
            arguments=sent,
        )
        if answer["status"] == 409:
            raise ActionFailed("The remote system refused.")
        if answer["status"] != 200:
            raise OutcomeUnknown(f"The remote system answered {answer['status']}.")
        return {"ticket_id": ctx.idempotency_key}

    async def reconcile(_arguments: NoteArguments, ctx: ActionContext) -> Reconciled:
        answer = await _ask(port, verb="seen", key=ctx.idempotency_key)
        return Reconciled(answer["outcome"], {"ticket_id": ctx.idempotency_key})

    async def roll_back(result: Mapping[str, Any], _ctx: ActionContext) -> dict[str, Any]:
        await _ask(port, verb="undo", key=result["ticket_id"])
        return {"undone": result["ticket_id"]}

    return Action(
        name=delivery,
        description=delivery,
        arguments=NoteArguments,
        execute=execute,
        reconcile=reconcile,
        roll_back=roll_back,
        reversible=True,
        action_type=f"remote:{delivery}",
        delivery=delivery,
        timeout_s=DEADLINE_S,
        verb="Create ticket",
        summary=lambda arguments: f"Create the ticket “{arguments.title}”",
    )


async def _ask(port: int, **question: object) -> dict[str, Any]:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        raise ActionFailed("The remote system cannot be reached.") from None
    try:
        writer.write(json.dumps(question).encode() + b"\n")
        line = await reader.readline()
    except OSError as error:
        raise OutcomeUnknown(f"The line broke ({type(error).__name__}).") from None
    finally:
        with contextlib.suppress(OSError):
            writer.close()
    if not line:
        raise OutcomeUnknown("The remote system hung up.")
    answer: dict[str, Any] = json.loads(line)
    return answer
