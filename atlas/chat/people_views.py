"""Who takes part in a conversation: everybody in it sees it, the owner changes it, others leave."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from atlas.accounts.signed_in import person
from atlas.chat.forms import ColleagueForm
from atlas.chat.visible import visible_conversation
from atlas.common.errors import AtlasError, NotFound
from atlas.common.htmx import page_or_part, wants_part
from atlas.common.statuses import status_of
from atlas.conversations import participants
from atlas.conversations.models import Conversation


@page_or_part
@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The list of who takes part; a post of the owner lets a colleague in."""
    conversation = visible_conversation(request, conversation_id)
    if request.method == "GET":
        return _page(request, conversation, ColleagueForm())
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _page(request, conversation, form, 400)
    try:
        participants.add(
            conversation_id,
            by=person(request),
            username=form.cleaned_data["username"],
            may_write=form.may_write,
        )
    except NotFound as error:
        raise Http404(error.user_message) from None
    except AtlasError as error:
        form.add_error("username", error.user_message)
        return _page(request, conversation, form, status_of(error))
    return _done(request, conversation)


@login_required
@require_POST
def remove(request: HttpRequest, conversation_id: UUID, user_id: int) -> HttpResponse:
    """Take a colleague out, or leave."""
    conversation = visible_conversation(request, conversation_id)
    try:
        participants.remove(conversation_id, by=person(request), user_id=user_id)
    except NotFound as error:
        raise Http404(error.user_message) from None
    except AtlasError as error:
        messages.error(request, error.user_message)
        return redirect("chat:people", conversation_id)
    if user_id != person(request).pk:
        return _done(request, conversation)
    left = _("You left “%(title)s”.") % {"title": conversation.title}
    messages.success(request, left)
    home = reverse("chat:home")
    if wants_part(request):
        return HttpResponse(headers={"HX-Redirect": home})
    return redirect(home)


def _done(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    if wants_part(request):
        return _page(request, conversation, ColleagueForm())
    return redirect("chat:people", conversation.pk)


def _page(
    request: HttpRequest, conversation: Conversation, form: ColleagueForm, status: int = 200
) -> HttpResponse:
    places = conversation.participations.select_related("user")
    places = places.order_by("-is_owner", "-may_write", "user__username")
    mine = next(place for place in places if place.user_id == person(request).pk)
    context = {"conversation": conversation, "places": places, "mine": mine, "form": form}
    template = "chat/_people.html" if wants_part(request) else "chat/people.html"
    return render(request, template, context, status=status)
