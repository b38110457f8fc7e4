"""What every view of a request answers with: its card, its page, or the way back."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from approvals import services
from approvals.cards.card import Around, render_card
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError, BadInput, NotFound
from atlas.common.htmx import wants_part
from atlas.common.statuses import status_of

# Who decides, on which request, with what the valid form holds.
Decide = Callable[[User, int, dict[str, str]], object]


def decides_by(form_class: type[Form]) -> Callable[[Decide], Callable[..., HttpResponse]]:
    """Make a view of a decision: it takes a posted form and shows the request.

    What the decision refuses is shown on the card, and nothing is lost of what was typed.
    """

    def made(decide: Decide) -> Callable[..., HttpResponse]:
        @login_required
        @require_POST
        @wraps(decide)
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            try:
                decide(person(request), pk, _valid(form_class(request.POST)))
            except NotFound as error:
                raise Http404(error.user_message) from None
            except AtlasError as error:
                return shown(request, visible(request, pk), error)
            if wants_part(request):
                return shown(request, visible(request, pk))
            return redirect(way_back(request, pk))

        return view

    return made


def _valid(form: Form) -> dict[str, str]:
    if not form.is_valid():
        raise BadInput(" ".join(str(text) for texts in form.errors.values() for text in texts))
    return form.cleaned_data


def shown(
    request: HttpRequest, action_request: ActionRequest, error: AtlasError | None = None
) -> HttpResponse:
    """The card for htmx, and its page for everybody else."""
    status = 200 if error is None else status_of(error)
    is_partial = wants_part(request)
    around = Around(
        get_token(request),
        "" if is_partial else request.get_full_path(),
        error.user_message if error else "",
        _home(request) if is_partial else None,
    )
    if error is not None:
        around = replace(around, draft=request.POST.get("text", ""))
    drawn = render_card(action_request, person(request), around)
    if is_partial:
        return HttpResponse(drawn, status=status)
    context = {"action_request": action_request, "drawn": drawn}
    return render(request, "approvals/request.html", context, status=status)


def visible(request: HttpRequest, pk: int) -> ActionRequest:
    """The request if the person may see it; a 404 otherwise."""
    try:
        return services.get_visible(pk, person(request))
    except NotFound as error:
        raise Http404(error.user_message) from None


def way_back(request: HttpRequest, pk: int, wanted: str = "") -> str:
    """The card on the page that a post came from; its own page for any other address."""
    wanted = wanted or request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return f"{wanted.partition('#')[0]}#request-{pk}"
    return reverse("approvals:card", args=[pk])


def _home(request: HttpRequest) -> UUID | None:
    """The conversation whose page a card was posted from, so that it is drawn as it stood."""
    try:
        return UUID(request.POST.get("home", ""))
    except ValueError:
        return None
