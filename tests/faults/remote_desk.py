"""A plugin with one action for each delivery class, all carried out by `tests.faults.remote`."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from approvals.enums import Mode
from approvals.policies import Policy
from approvals.rules.conditions import Condition, Operator
from approvals.rules.tightening import Rule
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
# In the title of what is undone only after somebody else, or an admin, approved that as well.
CHECKED, FOR_ADMINS = "looked at twice", "for admins"


def _titled(words: str) -> tuple[Condition]:
    return (Condition("title", Operator.CONTAINS, words),)


POLICY = Policy(
    rollbacks=(
        Rule("Another looks", conditions=_titled(CHECKED), two_person=True),
        Rule("Admins look", conditions=_titled(FOR_ADMINS), mode=Mode.ADMIN_ONLY),
    )
)


def remote_desk(port: int) -> Plugin[Any]:
    """The plugin; each action is called as its delivery class."""
    made = tuple(_action(port, delivery) for delivery in DELIVERIES)
    return Plugin(id="remote", types=("action",), version="1.0.0", actions=made)


def _action(port: int, delivery: Delivery) -> Action[NoteArguments]:
    async def execute(arguments: NoteArguments, ctx: ActionContext) -> dict[str, Any]:
        ctx.logger.info("Asking the remote system")
        await have("do", arguments.model_dump_json(), ctx)
        return {"ticket_id": ctx.idempotency_key}

    async def reconcile(_arguments: NoteArguments, ctx: ActionContext) -> Reconciled:
        answer = await _ask(port, verb="seen", key=ctx.idempotency_key)
        return Reconciled(answer["outcome"], {"ticket_id": ctx.idempotency_key})

    async def roll_back(result: Mapping[str, Any], ctx: ActionContext) -> dict[str, Any]:
        await have("undo", result["ticket_id"], ctx)
        return {"undone": result["ticket_id"]}

    async def have(verb: str, arguments: str, ctx: ActionContext) -> None:
        answer = await _ask(
            port,
            verb=verb,
            key=ctx.idempotency_key,
            request=ctx.request_id,
            delivery=delivery,
            arguments=arguments,
        )
        if answer["status"] == 409:
            raise ActionFailed("The remote system refused.")
        if answer["status"] != 200:
            raise OutcomeUnknown(f"The remote system answered {answer['status']}.")

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
