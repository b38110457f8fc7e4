"""The queue, single cards, and decisions; decisions are taken by the services alone."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from approvals import checking, comments, rolling_back, services
from approvals.answers import decided, person, shown, visible
from approvals.cards import Around, cards_for, draw_card
from approvals.forms import CommentForm, DecisionForm, FoundForm, RejectForm
from approvals.queue import PAGE_SIZE, Listed, queue_of
from plugins_app.host import sync


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
        "waiting": services.pending_count(viewer),
    }
    return render(request, "approvals/queue.html", context)


@login_required
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its card for htmx, its page for everybody else."""
    return shown(request, visible(request, pk))


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda data: services.approve(pk, by=person(request), payload_hash=data["payload_hash"]),
    )


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    form = RejectForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda data: services.reject(
            pk, by=person(request), payload_hash=data["payload_hash"], reason=data["reason"]
        ),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    return decided(request, pk, form, lambda _data: services.withdraw(pk, by=person(request)))


@login_required
@require_POST
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person found out about an outcome that was unknown."""
    form = FoundForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda data: checking.mark(
            pk, by=person(request), happened=data["happened"] == "yes", note=data["note"]
        ),
    )


@login_required
@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the other system what became of an outcome that is unknown."""
    form = DecisionForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda _data: sync.run(checking.ask_again(pk, by=person(request))),
    )


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have what was done undone."""
    form = DecisionForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda data: rolling_back.roll_back(
            pk, by=person(request), payload_hash=data["payload_hash"]
        ),
    )


@login_required
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    form = CommentForm(request.POST)
    return decided(
        request,
        pk,
        form,
        lambda data: comments.comment(pk, by=person(request), text=data["text"]),
    )
