"""The outgoing side of a browser's socket: fragments that htmx swaps in."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from approvals.cards.card import Card
from approvals.pages.queue import Listed, queue_of
from approvals.services import pending_count
from atlas.accounts.models import User
from atlas.chat.answers import AnswerView, Change
from atlas.chat.around import render_composer, render_halt, render_people_news
from atlas.chat.facts import (
    NO_FACTS,
    Facts,
    Reader,
    gather_change,
    is_halted,
    needs_database,
    read_cards,
    request_number,
    with_successors,
)
from atlas.chat.markdown import LONG_TEXT
from atlas.chat.presenting import Send
from atlas.chat.protocol import Watch
from atlas.chat.rendering import (
    render_announcement,
    render_change,
    render_count,
    render_new_turn,
    render_problem,
    render_queued,
    render_replaced,
    render_request,
    render_stop,
    render_turn,
    render_waiting,
)
from atlas.chat.threads import read_view
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.conversations.enums import RunKind
from atlas.conversations.models import Message
from atlas.events.stored import RunQueued, StoredEvent


class HtmlPresenter:
    """The same partials as on the page; knows how far the browser's page has come."""

    __slots__ = (
        "_after",
        "_answer_of",
        "_answers",
        "_cards",
        "_one_request",
        "_queue",
        "_reader",
        "_send",
    )

    def __init__(self, user: User, send: Send) -> None:
        self._reader = Reader(user, may_ask=False)
        self._send = send
        self._after: dict[UUID, int] = {}
        self._answers: dict[UUID, AnswerView] = {}
        self._answer_of: dict[UUID, UUID] = {}
        self._cards: set[int] = set()
        self._queue: Listed | None = None
        self._one_request = asyncio.Lock()

    def watch(self, frame: Watch, *, may_ask: bool) -> None:
        """Begin to show a conversation of which the page has what the frame says."""
        self._reader = replace(
            self._reader,
            may_ask=may_ask,
            conversation_id=frame.conversation,
            is_in_queue=frame.queue is not None,
        )
        self._after = dict(frame.after)
        self._answers = {}
        self._answer_of = {}
        self._cards = set(frame.requests)
        self._queue = frame.queue

    async def events(self, events: Sequence[StoredEvent]) -> None:
        """Bring one answer up to date, in one message."""
        view = await self._view(events[0].run_id)
        change = view.fold(events)
        if needs_database(change) or _is_long(view, change):
            drawn = await in_db(self._drawn_from_database, view, change)
        else:
            drawn = render_change(view, change, self._reader, NO_FACTS)
        if change.ended is not None:
            drawn += render_stop(self._running(), self._reader, swapped=True)
        self._cards |= {n for event in change.asides if (n := request_number(event))}
        await self._send(drawn)

    async def run_queued(self, run: RunQueued) -> None:
        """Show the question with an empty answer, or take an interrupted answer up again."""
        view = await self._view(run.run_id)
        change = view.begin(run.run_id)
        if run.kind == RunKind.CONTINUATION:
            facts = Facts(is_halted=await in_db(is_halted))
            drawn = render_change(view, change, self._reader, facts)
        else:
            drawn = render_new_turn(await in_db(self._turn, run, view))
        await self._send(drawn + render_stop(run.run_id, self._reader, swapped=True))

    async def request(self, number: int, *, shown: str = "") -> None:
        """Draw a card again that is on the page; a new one only where all that waits is listed.

        A card that the page has `shown` with the mark that it still bears is left alone.
        """
        # One after another: the same news may come from the wake-up and from the first look.
        async with self._one_request:
            if number in self._cards:
                drawn = await in_db(self._redrawn, number, shown)
            elif self._queue is not None:
                drawn = await in_db(self._queued, number, self._queue)
            else:
                return
            if drawn:
                await self._send(drawn)

    async def waiting(self) -> None:
        """Show how much waits for the reader."""
        count = await in_db(pending_count, self._reader.user)
        drawn = render_count(count, swapped=True)
        if self._queue is not None:
            drawn += render_waiting(count)
        await self._send(drawn)

    async def halt(self) -> None:
        """Show the order that stops everything, or take it away."""
        await self._send(await in_db(render_halt, self._reader.user))

    async def composer(self) -> None:
        """Say that the reader may not ask here any more, or may now."""
        stop = render_stop(self._running(), self._reader)
        await self._send(render_composer(self._reader, stop))

    async def people(self) -> None:
        """Have the list of who takes part read again where it is open; cards name them too."""
        await self._send(render_people_news())
        for number in sorted(self._cards):
            await self.request(number)

    async def database(self, *, is_there: bool) -> None:
        """Show or hide the line that says that nothing new can come."""
        context = {"is_away": not is_there, "swapped": True}
        await self._send(render_to_string("ui/_connection.html", context).strip())

    async def error(self, error: AtlasError) -> None:
        """Say above the composer why nothing was done."""
        await self._send(render_problem(error.user_message, swapped=True))

    def _running(self) -> UUID | None:
        running = [view.run_id for view in self._answers.values() if view.is_running]
        return running[-1] if running else None

    async def _view(self, run_id: UUID) -> AnswerView:
        """The answer of a run as the browser has it, read back when it is not in memory."""
        if run_id not in self._answer_of:
            read = await in_db(read_view, run_id, self._after)
            view = self._answers.setdefault(read.answer_id, read)
            self._answer_of[run_id] = view.answer_id
        return self._answers[self._answer_of[run_id]]

    def _drawn_from_database(self, view: AnswerView, change: Change) -> SafeString:
        facts = gather_change(view, change, self._reader)
        self._cards |= facts.cards.keys()
        return render_change(view, change, self._reader, facts)

    def _turn(self, run: RunQueued, view: AnswerView) -> SafeString:
        follows_up = run.kind == RunKind.FOLLOW_UP
        question = None if follows_up else Message.objects.get(pk=run.question_id)
        return render_turn(view, question, self._reader, Facts(is_halted=is_halted()))

    def _redrawn(self, number: int, shown: str) -> str:
        card = read_cards([number], self._reader).cards.get(number)
        if card is None or card.mark == shown:
            return ""
        newer = self._newer(card)
        if not newer:
            return render_request(card, self._reader)
        self._cards |= {one.request.pk for one in newer}
        return render_replaced(card, newer, self._reader)

    def _newer(self, card: Card) -> list[Card]:
        """The versions that replaced a request and are not on the page yet."""
        first = card.beside.replaced_by
        if first is None or first in self._cards or self._queue is not None:
            return []
        numbers = with_successors([first])
        cards = read_cards(numbers, self._reader).cards
        return [cards[number] for number in numbers if number in cards]

    def _queued(self, number: int, queue: Listed) -> str:
        if not queue_of(self._reader.user, queue).filter(pk=number).exists():
            return ""
        card = read_cards([number], self._reader).cards[number]
        self._cards.add(number)
        return render_queued(card, self._reader) + render_announcement(
            _("Something waits for approval.")
        )


def _is_long(view: AnswerView, change: Change) -> bool:
    fresh = view.blocks.closed[len(view.blocks.closed) - change.closed :]
    return sum(map(len, fresh)) > LONG_TEXT
