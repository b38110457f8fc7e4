"""What a real engine says to a checked text, in one form for all engines."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

# `data`: the values were at fault, so the text itself was understood. `refused`: the engine does
# not know the text. `denied`: the account lacks a right, which is a hole of the guard.
Kind = Literal["rows", "data", "slow", "refused", "denied"]


@dataclass(frozen=True)
class Answer:
    """How one text ended; `said` is the engine's message where there are no rows."""

    kind: Kind
    rows: tuple[Any, ...] = ()
    said: str = ""


class Witness(Protocol):
    """One engine with listed and unlisted tables, and an account for the listed ones only."""

    def read(self, sql: str, tables: tuple[str, ...]) -> Answer:
        """Run one text; the account may read listed columns of `tables` only, where it can be
        made that narrow."""
        ...

    def reads(self, sql: str) -> frozenset[str] | None:
        """The tables that the engine's own plan of the text names, None where it cannot tell."""
        ...

    def state(self) -> str:
        """A digest of everything that a text could have changed or left locked."""
        ...
