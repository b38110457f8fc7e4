"""What a notice says: each kind has one function that writes it when it is about to be sent."""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.accounts.models import User


@dataclass(frozen=True)
class Letter:
    """A line and a plain text; neither holds more than its reader may see without signing in."""

    subject: str
    text: str


# From the person, the subject of the notice and the address that links begin with; None when there
# is nothing to say any more.
Writer = Callable[[User, str, str], Letter | None]

_writers: dict[str, Writer] = {}


def register(kind: str, writer: Writer) -> None:
    """Let `writer` write all notices of this kind; an app does it when it is ready."""
    _writers[kind] = writer


def write(kind: str, person: User, subject: str, site: str) -> Letter | None:
    """The letter of this moment; None when it is moot, or of a kind that nobody writes."""
    writer = _writers.get(kind)
    return writer(person, subject, site) if writer else None
