"""The sandbox type: where explore commands run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

SANDBOX_DEFAULT_PRIORITY = 60
"""Priority of a plugin that names none: below nsjail (75), above a sidecar (50)."""


@dataclass(frozen=True)
class ExploreResult:
    """What a command printed and its exit code."""

    stdout: str
    stderr: str = ""
    exit_code: int = 0


@runtime_checkable
class ExploreBackend(Protocol):
    """An isolated shell over the semantic folder; methods may be synchronous or asynchronous."""

    def exec(self, command: str) -> ExploreResult | Awaitable[ExploreResult]:
        """Run one command and return what it printed; a failing command is a result."""
        ...

    def close(self) -> Awaitable[None] | None:
        """Release the sandbox."""
        ...


@dataclass(frozen=True)
class Security:
    """What the author declares about the isolation; shown to the operator, not checked."""

    network_isolation: bool = False
    filesystem_isolation: bool = False
    unprivileged_execution: bool = False
    description: str = ""


@dataclass(frozen=True)
class Sandbox:
    """The sandbox facet; of several backends the one with the highest priority is tried first."""

    create: Callable[[Path], ExploreBackend | Awaitable[ExploreBackend]]
    priority: float = SANDBOX_DEFAULT_PRIORITY
    security: Security = field(default_factory=Security)
