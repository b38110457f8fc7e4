"""The pieces of one run between the agent and the writer, numbered in memory."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from atlas.common.jsonable import JSON, clean_text, jsonable
from atlas.conversations.enums import EventKind
from atlas.events.stored import StoredEvent

MAX_EVENT_BYTES = 64_000
MAX_BUFFERED_BYTES = 8_000_000
MAX_BUFFERED_S = 10.0


@dataclass(frozen=True, slots=True)
class Pending:
    """An event on its way into Postgres, already serialized."""

    event: StoredEvent
    fence: int
    body: str


class RunStream:
    """Numbers and buffers the events of one run for the process's writer.

    Only the holder of the run's lease has one. Text that arrives within one window becomes one
    event. `lost` is set when Postgres says that the lease belongs to somebody else, `is_spoiled`
    when it refused what was emitted.
    """

    def __init__(
        self,
        run_id: UUID,
        conversation_id: UUID,
        fence: int,
        wake: Callable[["RunStream"], None],
    ) -> None:
        self.run_id = run_id
        self.conversation_id = conversation_id
        self.fence = fence
        self.next_seq = 1
        self.has_written = False
        self.lost = asyncio.Event()
        self.is_spoiled = False
        self.refused = 0
        self.unconfirmed: list[Pending] = []
        self._text: list[str] = []
        self._bytes = 0
        self._wake = wake
        self._confirmed_at = time.monotonic()
        self._idle = asyncio.Event()
        self._idle.set()

    def emit_text(self, text: str) -> None:
        """Add a piece of the answer."""
        if not text or self.is_spoiled:
            return
        self._text.append(clean_text(text))
        self._bytes += len(text)
        self._busy()

    def emit(self, kind: EventKind, payload: dict[str, JSON]) -> None:
        """Add an event; the text before it is closed. Raises `ValueError` above 64 kB."""
        if self.is_spoiled:
            return
        self._close_text()
        self._append(kind, payload)
        self._busy()

    async def flushed(self) -> bool:
        """Wait until everything emitted is in Postgres; False when the lease was lost."""
        await self._wait_for(self._idle)
        return not self.lost.is_set()

    async def room(self) -> None:
        """Wait while more is unconfirmed than the buffer's bound, or for longer than it.

        Raises `RuntimeError` when nothing more of this run can be stored.
        """
        if self.is_spoiled:
            raise RuntimeError("Postgres does not take an event of this run")
        has_waited_s = 0.0 if self._idle.is_set() else time.monotonic() - self._confirmed_at
        if self._bytes > MAX_BUFFERED_BYTES or has_waited_s > MAX_BUFFERED_S:
            await self._wait_for(self._idle)

    def take(self) -> list[Pending]:
        """Close the text and return what Postgres has not confirmed."""
        self._close_text()
        return self.unconfirmed

    def confirm(self, count: int) -> list[StoredEvent]:
        """Forget the first `count` unconfirmed events, which are in Postgres now."""
        done, self.unconfirmed = self.unconfirmed[:count], self.unconfirmed[count:]
        self.has_written = True
        self.refused = 0
        self._confirmed_at = time.monotonic()
        if not self.unconfirmed and not self._text:
            self._bytes = 0
            self._idle.set()
        return [pending.event for pending in done]

    def lose(self) -> None:
        """Another process holds the lease: nothing of this stream is written any more."""
        self.lost.set()
        self.unconfirmed.clear()
        self._text.clear()
        self._idle.set()

    def spoil(self) -> None:
        """Postgres does not take what was emitted: it is dropped, and the run has to fail."""
        self.is_spoiled = True
        self.next_seq -= len(self.unconfirmed)
        self.unconfirmed.clear()
        self._text.clear()
        self._idle.set()

    def _busy(self) -> None:
        if not self.lost.is_set():
            if self._idle.is_set():
                self._confirmed_at = time.monotonic()
            self._idle.clear()
            self._wake(self)

    def _close_text(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        for start in range(0, len(text), MAX_EVENT_BYTES // 8):
            self._append(EventKind.TEXT, {"text": text[start : start + MAX_EVENT_BYTES // 8]})

    def _append(self, kind: EventKind, payload: dict[str, JSON]) -> None:
        safe = {key: jsonable(value) for key, value in payload.items()}
        body = json.dumps(safe, ensure_ascii=False)
        if len(body.encode()) > MAX_EVENT_BYTES:
            raise ValueError(f"a run event of kind {kind} is larger than {MAX_EVENT_BYTES} bytes")
        event = StoredEvent(self.run_id, self.next_seq, str(kind), safe)
        self.unconfirmed.append(Pending(event, self.fence, body))
        self._bytes += len(body)
        self.next_seq += 1

    async def _wait_for(self, ready: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(ready.wait()), asyncio.ensure_future(self.lost.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
