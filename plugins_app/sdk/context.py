"""The context type: text, and optionally terms, that the agent is given with each question."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class ContextFragment:
    """Text for the agent, and terms (name to meaning) that join the glossary of the run."""

    text: str
    terms: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class ContextProvider(Protocol):
    """What a context plugin offers; both methods may be synchronous or asynchronous.

    `refresh()` is optional: it drops what `load()` cached, so that the next one reads again.
    """

    def load(self) -> str | ContextFragment | Awaitable[str | ContextFragment]:
        """Return the fragment; called for each question, so it caches what is costly."""
        ...
