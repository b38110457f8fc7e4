"""Through what somebody acts: an API key or a plugin that speaks for a person, for the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_through: ContextVar[tuple[str, ...]] = ContextVar("through", default=())


@contextmanager
def acting_through(means: str) -> Iterator[None]:
    """Have what is recorded inside say that the actor did it by these means, not in person."""
    token = _through.set((*_through.get(), means))
    try:
        yield
    finally:
        _through.reset(token)


def means_of_now() -> str:
    """What stands between the actor and Atlas at this moment; empty for a person on a page."""
    return ", ".join(dict.fromkeys(_through.get()))
