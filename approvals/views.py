"""The queue, single cards, and decisions; decisions are taken by the services alone."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from approvals import checking, services
from approvals.cards import Around, cards_for, draw_card, render_card
from approvals.errors import Conflict
from approvals.forms import DecisionForm, FoundForm, RejectForm
from approvals.models import ActionRequest
from approvals.queue import PAGE_SIZE, Listed, queue_of
from atlas.accounts.models import User
from atlas.common.errors import AtlasError, BadInput, NotAllowed, NotFound

STATUS_OF: dict[type[AtlasError], int] = {BadInput: 400, NotAllowed: 403, Conflict: 409}


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person, or everything the person may see."""
    person = _person(request)
    listed = Listed.ALL if request.GET.get("filter") == "all" else Listed.PENDING
    rows = queue_of(person, listed)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    around = Around(get_token(request), request.get_full_path())
    cards = cards_for(list(page), person).values()
    context = {
        "page": page,
        "cards": [draw_card(card, around) for card in cards],
        "filter": listed.value,
        "waiting": services.pending_count(person),
    }
    return render(request, "approvals/queue.html", context)


@login_required
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its card for htmx, its page for everybody else."""
    return _shown(request, _visible(request, pk))


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    return _decided(
        request,
        pk,
        form,
        lambda data: services.approve(pk, by=_person(request), payload_hash=data["payload_hash"]),
    )


@login_required
@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    form = RejectForm(request.POST)
    return _decided(
        request,
        pk,
        form,
        lambda data: services.reject(
            pk, by=_person(request), payload_hash=data["payload_hash"], reason=data["reason"]
        ),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    return _decided(request, pk, form, lambda _data: services.withdraw(pk, by=_person(request)))


@login_required
@require_POST
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person found out about an outcome that was unknown."""
    form = FoundForm(request.POST)
    return _decided(
        request,
        pk,
        form,
        lambda data: checking.mark(
            pk, by=_person(request), happened=data["happened"] == "yes", note=data["note"]
        ),
    )


def _decided(
    request: HttpRequest,
    pk: int,
    form: Form,
    decide: Callable[[dict[str, str]], ActionRequest],
) -> HttpResponse:
    try:
        if not form.is_valid():
            problems = [str(text) for texts in form.errors.values() for text in texts]
            raise BadInput(" ".join(problems))
        decided = decide(form.cleaned_data)
    except NotFound as error:
        raise Http404(error.user_message) from None
    except AtlasError as error:
        return _shown(request, _visible(request, pk), error)
    if _wants_partial(request):
        return _shown(request, decided)
    return redirect(_way_back(request, pk))


def _shown(
    request: HttpRequest, action_request: ActionRequest, error: AtlasError | None = None
) -> HttpResponse:
    notice = error.user_message if error else ""
    status = 200 if error is None else STATUS_OF.get(type(error), 400)
    is_partial = _wants_partial(request)
    around = Around(
        get_token(request),
        "" if is_partial else request.get_full_path(),
        notice,
        _home(request) if is_partial else None,
    )
    drawn = render_card(action_request, _person(request), around)
    if is_partial:
        return HttpResponse(drawn, status=status)
    context = {"action_request": action_request, "drawn": drawn}
    return render(request, "approvals/request.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> ActionRequest:
    try:
        return services.get_visible(pk, _person(request))
    except NotFound as error:
        raise Http404(error.user_message) from None


def _way_back(request: HttpRequest, pk: int) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return f"{wanted.partition('#')[0]}#request-{pk}"
    return reverse("approvals:card", args=[pk])


def _home(request: HttpRequest) -> UUID | None:
    """The conversation whose page a card was posted from, so that it is drawn as it stood."""
    try:
        return UUID(request.POST.get("home", ""))
    except ValueError:
        return None


def _wants_partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
