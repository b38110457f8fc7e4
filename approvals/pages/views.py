"""The queue, single cards, and decisions; decisions are taken by the services alone."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET

from approvals import services
from approvals.cards import comments
from approvals.cards.card import Around, cards_for, draw_card
from approvals.execution import checking, rolling_back
from approvals.pages.answers import decides_by, shown, visible
from approvals.pages.forms import CommentForm, DecisionForm, FoundForm, RejectForm
from approvals.pages.queue import PAGE_SIZE, Listed, queue_of
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.htmx import page_or_part
from plugins_app.host.calling import sync


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person, or everything the person may see."""
    viewer = person(request)
    listed = Listed.ALL if request.GET.get("filter") == "all" else Listed.PENDING
    rows = queue_of(viewer, listed)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    around = Around(get_token(request), request.get_full_path(), is_in_queue=True)
    cards = cards_for(list(page), viewer).values()
    context = {
        "page": page,
        "cards": [draw_card(card, around) for card in cards],
        "filter": listed.value,
        "query": urlencode({"filter": listed.value}),
    }
    return render(request, "approvals/queue.html", context)


@page_or_part
@login_required
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its card for htmx, its page for everybody else."""
    return shown(request, visible(request, pk))


@decides_by(DecisionForm)
def approve(by: User, pk: int, data: dict[str, str]) -> None:
    services.approve(pk, by=by, payload_hash=data["payload_hash"])


@decides_by(RejectForm)
def reject(by: User, pk: int, data: dict[str, str]) -> None:
    services.reject(pk, by=by, payload_hash=data["payload_hash"], reason=data["reason"])


@decides_by(DecisionForm)
def withdraw(by: User, pk: int, _data: dict[str, str]) -> None:
    services.withdraw(pk, by=by)


@decides_by(FoundForm)
def found(by: User, pk: int, data: dict[str, str]) -> None:
    """What a person found out about an outcome that was unknown."""
    checking.mark(pk, by=by, happened=data["happened"] == "yes", note=data["note"])


@decides_by(DecisionForm)
def ask_again(by: User, pk: int, _data: dict[str, str]) -> None:
    """Ask the other system what became of an outcome that is unknown."""
    sync.run(checking.ask_again(pk, by=by))


@decides_by(DecisionForm)
def undo(by: User, pk: int, data: dict[str, str]) -> None:
    """Have what was done undone."""
    rolling_back.roll_back(pk, by=by, payload_hash=data["payload_hash"])


@decides_by(CommentForm)
def comment(by: User, pk: int, data: dict[str, str]) -> None:
    comments.comment(pk, by=by, text=data["text"])
