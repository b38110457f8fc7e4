"""What a reader may open of the chat; all else is not found, so that nobody learns of it."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from atlas.accounts.signed_in import person
from atlas.conversations.models import Conversation, Run
from atlas.datasources.models import StoredResult


def visible_conversation(request: HttpRequest, conversation_id: UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.visible_to(person(request)), pk=conversation_id)


def visible_run(request: HttpRequest, run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.visible_to(person(request)), pk=run_id)


def visible_result(request: HttpRequest, result_id: UUID) -> StoredResult:
    """The result without its rows, of which only a part leaves the database, when it is needed."""
    visible = StoredResult.objects.visible_to(person(request)).defer("rows")
    return get_object_or_404(visible, pk=result_id)
