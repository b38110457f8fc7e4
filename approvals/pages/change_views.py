"""The page on which a request is approved with other arguments."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from approvals.cards.withholding import check_whole, sentence_for
from approvals.deciding.delegation import ballot_of
from approvals.enums import Status
from approvals.errors import Conflict
from approvals.filing.changing import action_of, approve_with_changes
from approvals.filing.proposing import BadArguments
from approvals.models import ActionRequest
from approvals.pages import answers
from approvals.pages.argument_forms import ArgumentsForm
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError, NotAllowed, NotFound
from atlas.common.htmx import page_or_part, wants_part
from atlas.common.statuses import status_of
from plugins_app.host.calling import sync


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A form with a field for each argument; what was typed stays until it is taken."""
    asked = answers.visible(request, pk)
    try:
        form = _form(asked, person(request), request.POST or None)
    except AtlasError as error:
        return answers.shown(request, asked, error)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                new = _changed(request, asked, form)
            except NotFound as error:
                raise Http404(error.user_message) from None
            except AtlasError as error:
                status = status_of(error)
                _explain(form, error)
            else:
                return _taken(request, new)
    return _page(request, asked, form, status)


def _form(asked: ActionRequest, user: User, data: Any) -> ArgumentsForm:
    if asked.state is not Status.PENDING:
        raise Conflict(sentence_for(asked, user))
    verdict = ballot_of(asked, user).verdict
    if not verdict.allowed:
        raise NotAllowed(verdict.sentence)
    check_whole(asked, user)
    action = action_of(asked)
    return ArgumentsForm(action.spec.arguments.model_json_schema(), asked.arguments, data)


def _changed(request: HttpRequest, asked: ActionRequest, form: ArgumentsForm) -> ActionRequest:
    return sync.run(
        approve_with_changes(
            asked.pk,
            by=person(request),
            payload_hash=request.POST.get("payload_hash", ""),
            arguments=form.arguments,
        )
    )


def _explain(form: ArgumentsForm, error: AtlasError) -> None:
    problems = error.problems if isinstance(error, BadArguments) else {}
    for place, problem in problems.items():
        name = place.partition(".")[0]
        form.add_error(name if name in form.fields else None, problem)
    if not problems:
        form.add_error(None, error.user_message)


def _taken(request: HttpRequest, new: ActionRequest) -> HttpResponse:
    """Lead to the new version; the page behind a dialog is loaded again."""
    if wants_part(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(answers.way_back(request, new.pk))


def _page(
    request: HttpRequest, asked: ActionRequest, form: ArgumentsForm, status: int
) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    context = {
        "asked": asked,
        "form": form,
        # What the person saw, also after somebody else changed it meanwhile.
        "payload_hash": request.POST.get("payload_hash") or asked.payload_hash,
        "next_url": wanted,
        "back_url": answers.way_back(request, asked.pk, wanted),
        "change_url": reverse("approvals:change", args=[asked.pk]),
    }
    name = "_change" if wants_part(request) else "change"
    return render(request, f"approvals/{name}.html", context, status=status)
