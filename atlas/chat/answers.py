"""What has become of an answer so far: its runs' events, folded into what a page shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from atlas.chat.blocks import Blocks
from atlas.conversations.enums import EventKind
from atlas.events.stored import StoredEvent

_PLAIN_RESULT: dict[str, Any] = {
    "result_id": "",
    "title": "",
    "sql": "",
    "reading": "",
    "chart": None,
    "row_count": 0,
}
_ASIDES = {EventKind.REQUEST, EventKind.ASK, EventKind.REFUSE}
_FINAL = {EventKind.DONE, EventKind.STOPPED, EventKind.FAILED, EventKind.INTERRUPTED}
MINUTE_S = 60
# Less would be shown as 0.0 s.
_SHOWN_MS = 50


class Part(Enum):
    """A part of an answer that is swapped as a whole when it changes."""

    MAIN = auto()
    LINE = auto()
    BODY = auto()
    END = auto()
    SUGGEST = auto()


@dataclass
class Step:
    """One named step of a run; `ms` is how long it took, once it has ended."""

    name: str
    label: str
    state: str
    ms: float | None = None

    @property
    def seconds(self) -> float | None:
        return None if self.ms is None else self.ms / 1000


@dataclass(frozen=True)
class ContextUsed:
    """What a context plugin gave a run: a text of some age, or nothing when the load failed."""

    source: str
    age_s: int
    error: str

    @property
    def age(self) -> str:
        """In its largest unit; empty for a text that was read for this answer."""
        if self.age_s < MINUTE_S:
            return _("%(n)d s") % {"n": self.age_s} if self.age_s else ""
        at = timezone.now()
        return timesince(at - timedelta(seconds=self.age_s), at, depth=1)


@dataclass
class Change:
    """What some events did to an answer; text and asides are added, parts are swapped."""

    parts: set[Part] = field(default_factory=set)
    was_reopened: bool = False
    is_rewritten: bool = False
    closed: int = 0
    appended: str = ""
    asides: list[StoredEvent] = field(default_factory=list)
    ended: StoredEvent | None = None


@dataclass(frozen=True)
class Receipt:
    """The figures of the line under an answer."""

    definitions: int
    lookups: int
    queries: int
    failed: int
    seconds: float | None


class AnswerView:
    """One answer, over all runs that share it.

    `numbers` holds the last event of each run that is in it. A run that continues another takes
    the text up where it stopped, even in the middle of a word.
    """

    def __init__(self, answer_id: UUID, conversation_id: UUID, question: str) -> None:
        self.answer_id = answer_id
        self.conversation_id = conversation_id
        self.question = question
        self.blocks = Blocks()
        self.numbers: dict[UUID, int] = {}
        self.steps: dict[tuple[UUID, str], Step] = {}
        self.results: list[dict[str, Any]] = []
        self.context: list[ContextUsed] = []
        self.asides: list[StoredEvent] = []
        self.questions: list[str] = []
        self.end: StoredEvent | None = None
        self.is_waiting = True

    @property
    def is_running(self) -> bool:
        return self.end is None

    @property
    def main(self) -> dict[str, Any] | None:
        """The one result that is shown with the answer: the last."""
        return self.results[-1] if self.results else None

    @property
    def run_id(self) -> UUID | None:
        """The run that works on the answer now, or did last."""
        return next(reversed(self.numbers), None)

    @property
    def working_on(self) -> Step | None:
        """The step that was started last and has not ended."""
        started = [step for step in self.steps.values() if step.state == "started"]
        return started[-1] if started else None

    @property
    def receipt(self) -> Receipt:
        names = {str(one["name"]) for result in self.results for one in result["definitions"]}
        times = [step.ms for step in self.steps.values() if step.ms is not None]
        return Receipt(
            definitions=len(names),
            lookups=sum(step.name == "explore" for step in self.steps.values()),
            queries=len(self.results),
            failed=sum(step.state == "failed" for step in self.steps.values()),
            seconds=sum(times) / 1000 if sum(times) >= _SHOWN_MS else None,
        )

    def begin(self, run_id: UUID) -> Change:
        """A run was queued for this answer."""
        self.numbers.setdefault(run_id, 0)
        self.end = None
        self.is_waiting = True
        return Change(parts={Part.LINE, Part.END, Part.SUGGEST})

    def fold(self, events: Iterable[StoredEvent]) -> Change:
        """Take events in order; those that are in it already change nothing."""
        change = Change()
        for event in events:
            if event.seq <= self.numbers.get(event.run_id, 0):
                continue
            if self.end is not None and event.run_id != self.end.run_id:
                change.parts |= self.begin(event.run_id).parts
            self.numbers[event.run_id] = event.seq
            self._take(event, change)
        return change

    def set_text(self, text: str) -> None:
        """Show a stored text of an answer whose text events are gone."""
        self.blocks.feed(text)
        self.blocks.finish()

    def _take(self, event: StoredEvent, change: Change) -> None:
        if self.is_waiting:
            self.is_waiting = False
            change.parts.add(Part.LINE)
        if event.kind == EventKind.TEXT:
            self._take_text(str(event.payload.get("text", "")), change)
        elif event.kind == EventKind.STEP:
            self._take_step(event)
            change.parts |= {Part.LINE, Part.BODY}
        elif event.kind == EventKind.RESULT:
            self.results.append(_result(event.payload))
            change.parts |= {Part.MAIN, Part.LINE, Part.BODY}
        elif event.kind in _ASIDES:
            self.asides.append(event)
            change.asides.append(event)
        elif event.kind == EventKind.SUGGEST:
            self.questions = _texts(event.payload.get("questions"))
            change.parts.add(Part.SUGGEST)
        elif event.kind in _FINAL:
            self._finish(event, change)

    def _take_text(self, text: str, change: Change) -> None:
        if self.blocks.is_empty:
            change.parts.add(Part.LINE)
        if self.blocks.reopen():
            change.was_reopened = True
        before = self.blocks.open
        change.closed += len(self.blocks.feed(text))
        change.appended += text
        # Also without a closed block: blank lines between blocks are dropped.
        change.is_rewritten |= self.blocks.open != before + text

    def _take_step(self, event: StoredEvent) -> None:
        payload = event.payload
        self.context = _context(payload.get("context")) or self.context
        key = (event.run_id, str(payload.get("id")))
        ms = payload.get("ms")
        known = self.steps.get(key)
        self.steps[key] = Step(
            name=str(payload.get("name", "")),
            label=str(payload.get("label") or (known.label if known else "")),
            state=str(payload.get("state", "started")),
            ms=float(ms) if isinstance(ms, int | float) else None,
        )

    def _finish(self, event: StoredEvent, change: Change) -> None:
        self.end = event
        for step in self.steps.values():
            if step.state == "started":
                step.state = "failed" if event.kind == EventKind.FAILED else "stopped"
                if event.kind == EventKind.DONE:
                    step.state = "done"
        closed = len(self.blocks.finish())
        change.closed += closed
        change.is_rewritten |= closed > 0
        change.ended = event
        change.parts |= {Part.LINE, Part.BODY, Part.END, Part.SUGGEST}


def _result(payload: dict[str, Any]) -> dict[str, Any]:
    lists = {name: payload.get(name) or [] for name in ("columns", "definitions", "assumptions")}
    result = {**_PLAIN_RESULT, **payload, **lists}
    reading = str(result["reading"]).rstrip(".")
    title = str(result["title"]).rstrip(".") or reading
    return {**result, "title": title, "reading": "" if reading == title else reading}


def _context(value: object) -> list[ContextUsed]:
    found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return [
        ContextUsed(
            str(one.get("source", "")), int(one.get("age_s") or 0), str(one.get("error") or "")
        )
        for one in found
    ]


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
