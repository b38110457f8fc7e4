"""What one run may use."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from atlas.agent.errors import BudgetExceeded


@dataclass
class Budget:
    """Counts a run's steps, tool calls, tokens and seconds against its limits."""

    max_steps: int = 12
    max_calls: int = 24
    max_tokens: int = 200_000
    max_seconds: float = 180.0
    steps: int = 0
    calls: int = 0
    tokens: int = 0
    started: float = field(default_factory=time.monotonic)

    def take_step(self) -> None:
        """Count a model turn; raises `BudgetExceeded` when nothing is left."""
        self.steps += 1
        if self.steps > self.max_steps:
            raise BudgetExceeded(_("The answer took too many steps. Ask for less at once."))
        if time.monotonic() - self.started > self.max_seconds:
            raise BudgetExceeded(_("The answer took too long. Ask for less at once."))
        if self.tokens > self.max_tokens:
            raise BudgetExceeded(_("The answer used too many tokens. Start a new question."))

    def take_call(self) -> None:
        """Count a tool call; raises `BudgetExceeded` when nothing is left."""
        self.calls += 1
        if self.calls > self.max_calls:
            raise BudgetExceeded(_("The answer asked too many queries. Ask for less at once."))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Not counted is what others take: a reader or a writer that is slower than the agent."""
        since = time.monotonic()
        try:
            yield
        finally:
            self.started += time.monotonic() - since

    @property
    def seconds_left(self) -> float:
        return max(0.1, self.max_seconds - (time.monotonic() - self.started))
