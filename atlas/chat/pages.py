"""Collects what the conversation page shows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.chat.answers import AnswerView
from atlas.chat.facts import Reader, gather
from atlas.chat.forms import ListForm
from atlas.chat.rendering import render_problem, render_stop, render_turn
from atlas.chat.sidebar import PAGE, Listing, list_conversations
from atlas.chat.threads import question_of, view_of
from atlas.conversations.models import Conversation
from atlas.conversations.thread import Turn, load_thread

STARTERS = 6


def home_context(request: HttpRequest, user: User, **extra: Any) -> dict[str, Any]:
    """The page of a new question."""
    return {
        "title": _("New question"),
        "sidebar": True,
        "may_ask": user.may_ask,
        "starters": starters(),
        "listing": listing(request, user, None),
        "view": {"conversation_id": None},
        **extra,
    }


def conversation_context(
    request: HttpRequest, user: User, conversation: Conversation, **extra: Any
) -> dict[str, Any]:
    """The page of one conversation; the caller has checked that `user` may see it."""
    participation = conversation.participations.get(user=user)
    may_ask = user.may_ask and participation.may_write
    reader = Reader(user, may_ask, get_token(request), request.get_full_path(), conversation.id)
    turns = load_thread(conversation)
    views = [view_of(turn) for turn in turns]
    running = [view.run_id for view in views if view.is_running]
    return {
        "title": conversation.title,
        "sidebar": True,
        "conversation": conversation,
        "turns": _drawn(turns, views, reader),
        "may_ask": may_ask,
        "is_running": bool(running),
        "stop": render_stop(running[-1] if running else None, reader),
        "actions": _actions(conversation, is_owner=participation.is_owner),
        "listing": listing(request, user, conversation.id),
        **extra,
    }


def problem(text: str) -> SafeString:
    """The line above the composer that says why a question was not taken."""
    return render_problem(text)


def starters() -> list[str]:
    """Questions that work with the semantic layer that is in force; none without one."""
    from atlas.datasources import semantic  # noqa: PLC0415 - the parser is slow to import

    layer = semantic.newest_layer()
    return [example.question for example in layer.examples[:STARTERS]] if layer else []


def listing(request: HttpRequest, user: User, current: UUID | None) -> Listing:
    """The list in the sidebar, narrowed as the address says."""
    form = ListForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    return list_conversations(
        user,
        search=data.get("q", ""),
        shown=data.get("shown") or PAGE,
        current=current or data.get("current"),
    )


def _drawn(turns: Sequence[Turn], views: Sequence[AnswerView], reader: Reader) -> list[SafeString]:
    facts = gather(views, reader)
    pairs = zip(turns, views, strict=True)
    return [render_turn(view, question_of(turn), reader, facts) for turn, view in pairs]


def _actions(conversation: Conversation, *, is_owner: bool) -> SafeString:
    people = conversation.participations.count()
    context = {"conversation": conversation, "is_owner": is_owner, "people": people}
    return render_to_string("chat/_actions.html", context)
