"""How much one query may take; the operator's file may tighten or widen it at start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows and bytes that may leave a datasource, and how long it may work on one query."""

    max_rows: int = 1000
    max_bytes: int = 20_000_000
    timeout_ms: int = 30_000


_limits = Limits()


def limits() -> Limits:
    """The limits in force in this process."""
    return _limits


def set_limits(chosen: Limits) -> None:
    """Put other limits in force; called once at start, before any query."""
    global _limits
    _limits = chosen
