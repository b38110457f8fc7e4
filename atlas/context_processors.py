"""What every page's frame shows: what waits, a stop order, and the demo's outbox."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from approvals.halting import in_force
from approvals.models import Halt
from approvals.services import pending_count
from atlas.accounts.models import User
from atlas.demo import place
from atlas.env import environment


@dataclass(frozen=True)
class Shell:
    """Asked by the frame only for what it shows, so that other pages cost no query."""

    user: User | None

    @cached_property
    def pending_count(self) -> int:
        return pending_count(self.user) if self.user else 0

    @cached_property
    def halt(self) -> Halt | None:
        """The order that stops everything; a stranger is not told."""
        return in_force() if self.user else None

    @cached_property
    def outbox_url(self) -> str:
        """Where the demo's messages are; empty without the demo."""
        try:
            return reverse("demo:outbox") if place.is_on(environment()) else ""
        except NoReverseMatch:
            return ""


def page_shell(request: HttpRequest) -> dict[str, object]:
    """`shell`, for the frame of every page."""
    user = getattr(request, "user", None)
    return {"shell": Shell(user if isinstance(user, User) else None)}
