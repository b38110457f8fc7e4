"""What the fragments of an answer need from the database: rows of results and requests."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from approvals.cards.beside import successors
from approvals.cards.card import Card, cards_for
from approvals.halting import in_force
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.chat.answers import AnswerView, Change, Part
from atlas.chat.results import ResultRows, load_rows
from atlas.conversations.enums import EventKind
from atlas.events.stored import StoredEvent


@dataclass(frozen=True)
class Reader:
    """Whoever the fragments are for, and the conversation whose page is open.

    Without `csrf_token` forms need the page's own token.
    """

    user: User
    may_ask: bool
    csrf_token: str = ""
    next_url: str = ""
    conversation_id: UUID | None = None
    is_in_queue: bool = False


@dataclass(frozen=True)
class Facts:
    """Rows by result and cards by number; what is missing is not kept or not to be seen.

    `is_halted` says that no question is begun until an admin lifts an order.
    """

    rows: dict[UUID, ResultRows] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)
    is_halted: bool = False


NO_FACTS = Facts()


def gather(views: Iterable[AnswerView], reader: Reader) -> Facts:
    """Read what whole answers show."""
    views = list(views)
    mains = [view.main for view in views if view.main is not None]
    asides = [event for view in views for event in view.asides]
    read = _read([one["result_id"] for one in mains], asides, reader)
    return replace(read, is_halted=any(view.is_waiting for view in views) and is_halted())


def is_halted() -> bool:
    """Whether an order keeps every question waiting."""
    return in_force() is not None


def gather_change(view: AnswerView, change: Change, reader: Reader) -> Facts:
    """Read what a change of one answer shows."""
    is_main = Part.MAIN in change.parts and view.main is not None
    ids = [view.main["result_id"]] if is_main and view.main else []
    return _read(ids, change.asides, reader)


def needs_database(change: Change) -> bool:
    """Whether drawing a change reads from the database, so that it must not be done in a loop."""
    return Part.MAIN in change.parts or any(
        event.kind == EventKind.REQUEST for event in change.asides
    )


def _read(result_ids: list[str], asides: Iterable[StoredEvent], reader: Reader) -> Facts:
    ids = [found for text in result_ids if (found := uuid_in(text))]
    numbers = [number for event in asides if (number := request_number(event))]
    cards = read_cards(with_successors(numbers), reader).cards if numbers else {}
    return Facts(rows=load_rows(ids) if ids else {}, cards=cards)


def with_successors(numbers: Iterable[int]) -> list[int]:
    """The numbers of requests, and of all versions that replaced them."""
    found = list(numbers)
    newest = found
    while newest:
        newest = list(successors(newest).values())
        found += newest
    return found


def read_cards(numbers: Iterable[int], reader: Reader) -> Facts:
    """Read the cards of those requests that the reader may see."""
    rows = ActionRequest.objects.visible_to(reader.user).filter(pk__in=list(numbers))
    return Facts(cards=cards_for(list(rows), reader.user))


def uuid_in(value: object) -> UUID | None:
    """The id in a payload; None for anything else."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def request_number(event: StoredEvent) -> int | None:
    """The number of the request that an event files."""
    value = event.payload.get("request_id")
    return int(str(value)) if event.kind == EventKind.REQUEST and str(value).isdigit() else None
