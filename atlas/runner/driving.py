"""Drives the agent for one claimed run: stores what it yields and writes how it ended."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.execution import settling
from atlas.agent.assigning import assignment_of
from atlas.agent.errors import ModelFailed
from atlas.agent.events import AgentEvent, Checkpoint, Fact, TextPiece
from atlas.agent.loop import run_agent
from atlas.agent.work import Work
from atlas.common.db import in_db, is_outage
from atlas.common.errors import AtlasError
from atlas.common.jsonable import JSON, jsonable
from atlas.common.logs import run_id as logged_run_id
from atlas.common.loops import told
from atlas.conversations.ending import finish_run
from atlas.conversations.enums import EventKind, RunKind
from atlas.env import Environment
from atlas.events.stored import StoredEvent
from atlas.events.stream import RunStream
from atlas.events.writer import Publish
from atlas.runner.briefing import brief_for
from atlas.runner.checkpoints import payloads_of
from atlas.runner.claims import Claim
from plugins_app.host.contexts.fragments import Fragment

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
RETRY_S = 0.5

# What a reader sees before anything else; only a question makes the run read definitions.
_FIRST_STEPS = {
    RunKind.QUESTION: ("read_definitions", gettext_lazy("Reading definitions")),
    RunKind.CONTINUATION: ("resume", gettext_lazy("Going on with the answer")),
    RunKind.FOLLOW_UP: ("read_records", gettext_lazy("Reading what became of it")),
}

End = tuple[EventKind, dict[str, JSON]]


class Drive:
    """One run from its claim to its end."""

    def __init__(self, claim: Claim, stream: RunStream, publish: Publish) -> None:
        self.claim = claim
        self._stopping: EventKind | None = None
        self._answering: asyncio.Task[Any] | None = None
        self._is_ending = False
        self._stream = stream
        self._publish = publish
        self._parts: list[JSON] = []
        self._took_steps = False
        self._work: Work | None = None

    def stop(self, reason: EventKind) -> None:
        """End with `reason` instead of an answer, begun or not; a complete answer stays `done`."""
        self._stopping = reason
        if self._answering is not None:
            self._answering.cancel()

    def lose(self) -> None:
        """Somebody else has the run: write no more. An end on its way is decided by the fence."""
        if not self._is_ending:
            self._stream.lose()

    async def run(self, env: Environment, datasource: str, semantic_dir: Path) -> None:
        """Answer, and write the end; never raises but for cancellation without a reason."""
        logged_run_id.set(str(self.claim.run_id)[:8])
        try:
            if self._stopping is None:
                self._answering = asyncio.current_task()
                await self._answer(env, datasource, semantic_dir)
            end: End = (self._stopping or EventKind.DONE, {})
        except asyncio.CancelledError:
            if self._stream.lost.is_set():
                raise
            end = self._cancelled_end()
        except TimeoutError:
            end = _failed("timeout", _("The answer took too long. Ask for less at once."), True)
        except AtlasError as error:
            retryable = error.retryable if isinstance(error, ModelFailed) else True
            end = _failed(error.code, error.user_message, retryable)
        except Exception as error:  # noqa: BLE001 - logged; readers must see that the run ended
            told(f"Run {self.claim.run_id}", error)
            end = _away() if is_outage(error) else _internal()
        # From here on a stop comes too late: a cancelled end would leave the run without one.
        self._answering = None
        self._is_ending = True
        await self._finish(end)

    async def _answer(self, env: Environment, datasource: str, semantic_dir: Path) -> None:
        self._step("started")
        brief = await in_db(brief_for, self.claim.run_id, datasource, semantic_dir)
        task, self._work = await assignment_of(brief, env)
        work = self._work
        self._step("done", context=_told(work.context))
        for shown in brief.results:
            self._emit(Fact(EventKind.RESULT, shown))
        async with aclosing(run_agent(task)) as events:
            async for event in events:
                await self._stream.room()
                self._record(event)
                work.said = task.said

    def _cancelled_end(self) -> End:
        """How a cancelled run ends; one that nobody cancelled was broken by what it waited for."""
        if self._stopping is not None:
            return self._stopping, {}
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
        logger.exception("Run %s was cancelled by nobody", self.claim.run_id)
        return _internal()

    def _step(self, state: str, **more: JSON) -> None:
        name, label = _FIRST_STEPS[RunKind(self.claim.kind)]
        payload: dict[str, JSON] = {"id": "read", "name": name, "label": str(label), "ms": None}
        self._stream.emit(EventKind.STEP, {**payload, "state": state, **more})

    def _record(self, event: AgentEvent) -> None:
        if isinstance(event, TextPiece):
            self._stream.emit_text(event.text)
        elif isinstance(event, Fact):
            self._emit(event)
        elif isinstance(event, Checkpoint):
            for fact in event.facts:
                self._emit(fact)
            for payload in payloads_of(event):
                self._stream.emit(EventKind.CHECKPOINT, payload)

    def _emit(self, fact: Fact) -> None:
        self._stream.emit(fact.kind, fact.payload)
        self._took_steps = True
        if fact.kind is not EventKind.STEP:
            self._parts.append(jsonable({"kind": str(fact.kind), **fact.payload}))

    async def _finish(self, end: End) -> None:
        if not await self._stream.flushed():
            return
        if self._stream.is_spoiled:
            end, self._parts = _internal(), []
        seq = self._stream.next_seq
        claim = self.claim
        untrusted = self._work is not None and self._work.untrusted
        written = (claim.run_id, claim.fence, seq, end, self._parts)
        if await _written(finish_run, *written, untrusted=untrusted):
            event = StoredEvent(claim.run_id, seq, end[0].value, end[1])
            self._publish(claim.conversation_id, [event])
            # Without a step there was no tool that might have filed a request.
            if self._took_steps:
                await _written(_settle, claim.run_id)


async def _written(write: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Write the end of an answer, however long Postgres is away: everything before is written."""
    while True:
        try:
            return await in_db(write, *args, **kwargs)
        except Exception as error:
            if not is_outage(error):
                raise
            told("The end of a run", error)
            await asyncio.sleep(RETRY_S)


def _told(fragments: Sequence[Fragment]) -> list[JSON]:
    """Which context the run was given and how old it was; whoever has none to give is left out.

    An error with the age 0 means that nothing was given.
    """
    return [
        {
            "source": one.plugin_id,
            "age_s": max(1, round(one.age_s)) if one.error and (one.text or one.terms) else 0,
            "error": one.error,
        }
        for one in fragments
        if one.text or one.terms or one.error
    ]


def _settle(run_id: UUID) -> None:
    """Requests that were decided before the run ended are told about now."""
    with transaction.atomic():
        settling.settle(run_id)


def _away() -> End:
    return _failed("database_away", _("Atlas could not reach its database. Try again."), True)


def _internal() -> End:
    return _failed("internal", _("Something went wrong here. Try again."), True)


def _failed(code: str, message: str, retryable: bool) -> End:
    return EventKind.FAILED, {"code": code, "message": message, "retryable": retryable}
