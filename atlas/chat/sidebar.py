"""A person's own conversations, newest first, grouped by day and found by title."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.conversations.models import Conversation, Run

PAGE = 30
MOST = 600


@dataclass(frozen=True)
class Group:
    """The conversations under one heading."""

    label: str
    items: list[Any]


@dataclass(frozen=True)
class Listing:
    """The part of the list that is shown."""

    groups: list[Group]
    search: str
    shown: int
    has_more: bool
    current: UUID | None

    @property
    def more_url(self) -> str:
        return f"{reverse('chat:home')}?{self._query({})}"

    @property
    def more_partial_url(self) -> str:
        return f"{reverse('chat:sidebar')}?{self._query({'current': self.current or ''})}"

    def _query(self, extra: dict[str, Any]) -> str:
        return urlencode({"q": self.search, "shown": min(self.shown + PAGE, MOST), **extra})


def list_conversations(
    user: User, *, search: str = "", shown: int = PAGE, current: UUID | None = None
) -> Listing:
    """The newest `shown` conversations of `user` whose title holds `search`."""
    shown = max(1, min(shown, MOST))
    rows = Conversation.objects.visible_to(user)
    if search:
        rows = rows.filter(title__icontains=search)
    unfinished = Run.objects.unfinished().filter(conversation=OuterRef("pk"))
    found = list(rows.annotate(is_running=Exists(unfinished))[: shown + 1])
    return Listing(_by_day(found[:shown]), search, shown, len(found) > shown, current)


def _by_day(items: Iterable[Any]) -> list[Group]:
    today = timezone.localdate()
    groups = groupby(items, key=lambda item: _label(timezone.localdate(item.touched_at), today))
    return [Group(label, list(members)) for label, members in groups]


def _label(day: dt.date, today: dt.date) -> str:
    if day >= today:
        return _("Today")
    return _("Yesterday") if day == today - dt.timedelta(days=1) else _("Earlier")
