"""Questions and decisions that reach Atlas through a plugin, by the rights of the person named."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from approvals import services
from approvals.cards.fields import fields_of_request
from approvals.cards.withholding import as_seen_by
from approvals.enums import Kind
from approvals.models import ActionRequest
from atlas.accounts.for_plugins import person_of
from atlas.bus import hub
from atlas.bus.hub import Subscription
from atlas.bus.topics import Topic
from atlas.common.db import in_db
from atlas.common.errors import BadInput, NotFound
from atlas.conversations import services as conversations
from atlas.conversations.enums import Origin, RunStatus
from atlas.conversations.models import Run
from atlas.datasources.answer_tables import tables_of
from plugins_app.sdk import Answer, Waiting
from plugins_app.sdk.people import AnswerStatus

MOST_WAITING = 200
LOOK_S = 2.0


async def ask(question: str, as_user: str, conversation_id: str, wait_s: float) -> Answer:
    """Ask as a person and wait for the end of the answer; raises as `conversations.ask`.

    It is given to who may still read it at the end of the wait.
    """
    with _wakeups() as wakeups:
        run_id = await in_db(_ask, question, as_user, conversation_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await _ended(run_id, wakeups)
    return await in_db(_answer, run_id, as_user)


async def pending(as_user: str) -> Sequence[Waiting]:
    """Return what the person may decide, or in outline all that waits when nobody is named."""
    return await in_db(_pending, as_user)


async def decide(
    request_id: int, payload_hash: str, decision: str, as_user: str, reason: str
) -> str:
    """Decide as a person and return the status; raises as `approve` and `reject`."""
    return await in_db(_decide, request_id, payload_hash, decision, as_user, reason)


def _ask(question: str, as_user: str, conversation_id: str) -> UUID:
    run = conversations.ask(
        person_of(as_user),
        question,
        conversation_id=_conversation(conversation_id),
        origin=Origin.PLUGIN,
    )
    return run.pk


def _decide(request_id: int, payload_hash: str, decision: str, as_user: str, reason: str) -> str:
    person = person_of(as_user)
    if decision == "approve":
        request = services.approve(request_id, by=person, payload_hash=payload_hash)
    elif decision == "reject":
        request = services.reject(request_id, by=person, payload_hash=payload_hash, reason=reason)
    else:
        raise BadInput(_("A decision is “approve” or “reject”."))
    return str(request.status)


def _pending(as_user: str) -> list[Waiting]:
    if not as_user:
        waiting = ActionRequest.objects.pending().order_by("id")
        return [_outline(request) for request in waiting[:MOST_WAITING]]
    person = person_of(as_user)
    mine = ActionRequest.objects.decidable_by(person).order_by("id")
    return [_whole(as_seen_by(request, person)) for request in mine[:MOST_WAITING]]


def _outline(request: ActionRequest) -> Waiting:
    return Waiting(request.pk, _what(request), request.requester_name)


def _whole(request: ActionRequest) -> Waiting:
    arguments = {field.label: field.text for field in fields_of_request(request)}
    return Waiting(
        request.pk, _what(request), request.requester_name, arguments, request.payload_hash
    )


def _what(request: ActionRequest) -> str:
    """The name of the action; of a roll back one that nobody takes for the action itself."""
    return f"undo {request.action}" if request.kind == Kind.ROLLBACK else request.action


def _conversation(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise _no_conversation() from None


def _no_conversation() -> NotFound:
    return NotFound(_("There is no such conversation, or you do not take part in it."))


async def _ended(run_id: UUID, wakeups: Subscription | None) -> None:
    """Wait until the run ended; a wake-up that was missed costs some seconds."""
    while not await in_db(_is_final, run_id):
        if wakeups is None:
            await asyncio.sleep(LOOK_S)
            continue
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                while str(run_id) not in (await wakeups.get() or str(run_id)):
                    pass


def _is_final(run_id: UUID) -> bool:
    status = Run.objects.filter(pk=run_id).values_list("status", flat=True).first()
    # A deleted conversation ends the wait as well.
    return status is None or RunStatus(status).is_final


def _answer(run_id: UUID, as_user: str) -> Answer:
    # Looked up again: the wait was long enough to lose the key, the place, or all access.
    mine = Run.objects.visible_to(person_of(as_user))
    run = mine.select_related("answer").filter(pk=run_id).first()
    if run is None:
        raise _no_conversation()
    requests = ActionRequest.objects.of_run(run_id).values_list("pk", flat=True)
    status = cast(AnswerStatus, str(RunStatus(run.status).value))
    shown = tables_of(run.answer.parts)
    return Answer(str(run.conversation_id), run.answer.text, status, tuple(requests), shown)


@contextmanager
def _wakeups() -> Iterator[Subscription | None]:
    try:
        subscription = hub.current().subscribe(Topic.RUN)
    except RuntimeError:
        yield None
        return
    try:
        yield subscription
    finally:
        subscription.close()
