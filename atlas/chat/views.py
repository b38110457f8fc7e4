"""The pages of the chat; everything but streaming works with plain forms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from atlas.accounts.signed_in import person
from atlas.chat import pages
from atlas.chat.forms import QuestionForm, TitleForm
from atlas.chat.results import PAGE_ROWS, load_rows
from atlas.chat.visible import visible_conversation, visible_result, visible_run
from atlas.common.errors import AtlasError, NotAllowed, NotFound
from atlas.common.htmx import page_or_part, wants_part
from atlas.common.statuses import status_of
from atlas.conversations import services
from atlas.conversations.models import Run


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page of a new question."""
    return render(request, "chat/conversation.html", pages.home_context(request, person(request)))


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """For whoever asks for the usual address without reading the page."""
    return redirect(static("atlas/img/logo.svg"))


@login_required
@require_GET
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation; a stranger learns nothing of it."""
    found = visible_conversation(request, conversation_id)
    context = pages.conversation_context(request, person(request), found)
    return render(request, "chat/conversation.html", context)


@login_required
@require_GET
def sidebar(request: HttpRequest) -> HttpResponse:
    """The list of conversations alone."""
    context = {"listing": pages.listing(request, person(request), None)}
    return render(request, "chat/_sidebar_list.html", context)


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Take a question and go to its conversation; a refused one comes back with its text."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _not_taken(request, form, form.problem, 400)
    try:
        run = services.ask(
            person(request),
            form.cleaned_data["text"],
            conversation_id=form.conversation_id,
        )
    except NotFound as error:
        raise Http404(error.user_message) from None
    except AtlasError as error:
        return _not_taken(request, form, error.user_message, status_of(error))
    return redirect(f"{_address(run.conversation_id)}#turn-{run.answer_id}")


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    found = visible_conversation(request, conversation_id)
    form = TitleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        _served(services.rename, conversation_id, by=person(request), title=title)
        return redirect(_address(conversation_id))
    return _form_page(request, "rename", {"conversation": found, "form": form})


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    found = visible_conversation(request, conversation_id)
    if request.method == "POST":
        _served(services.delete, conversation_id, by=person(request))
        messages.success(request, _("“%(title)s” was deleted.") % {"title": found.title})
        return redirect("chat:home")
    return _form_page(request, "delete", {"conversation": found})


@login_required
@require_POST
def stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = visible_run(request, run_id)
    return _moved_on(request, run, lambda: services.request_stop(run_id, by=person(request)))


@login_required
@require_POST
def continue_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = visible_run(request, run_id)
    return _moved_on(request, run, lambda: services.continue_run(run_id, by=person(request)))


@never_cache
@page_or_part
@login_required
@require_GET
def result(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """Fifty rows of a stored result: a fragment for htmx, a page for everybody else."""
    stored = visible_result(request, result_id)
    offset = _whole_number(request.GET.get("offset", ""))
    rows = load_rows([result_id], offset=offset, count=PAGE_ROWS)[result_id]
    template = "chat/_rows.html" if wants_part(request) else "chat/result.html"
    return render(request, template, {"rows": rows, "conversation_id": stored.conversation_id})


def _address(conversation_id: UUID) -> str:
    return reverse("chat:conversation", args=[conversation_id])


def _not_taken(request: HttpRequest, form: QuestionForm, problem: str, status: int) -> HttpResponse:
    """The page with what was typed and why it was not taken."""
    said = {"problem_html": pages.problem(problem), "draft": request.POST.get("text", "")}
    if form.conversation_id is None:
        context = pages.home_context(request, person(request), **said)
    else:
        found = visible_conversation(request, form.conversation_id)
        context = pages.conversation_context(request, person(request), found, **said)
    return render(request, "chat/conversation.html", context, status=status)


def _form_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """A form in a dialog for htmx, and on a page of its own for everybody else."""
    template = f"chat/_{name}.html" if wants_part(request) else f"chat/{name}.html"
    return render(request, template, context)


def _served(service: Callable[..., Any], *args: Any, **options: Any) -> None:
    try:
        service(*args, **options)
    except NotFound as error:
        raise Http404(error.user_message) from None
    except NotAllowed as error:
        raise PermissionDenied(error.user_message) from None


def _moved_on(request: HttpRequest, run: Run, move: Callable[[], Any]) -> HttpResponse:
    """Do something to a run and go back to its answer, with the reason when it was refused."""
    try:
        move()
    except NotFound as error:
        raise Http404(error.user_message) from None
    except AtlasError as error:
        messages.error(request, error.user_message)
    return redirect(f"{_address(run.conversation_id)}#turn-{run.answer_id}")


def _whole_number(text: str) -> int:
    return min(int(text), 10_000_000) if text.isascii() and text.isdigit() and len(text) < 9 else 0
