"""Finds a conversation for what only its owner may do."""

from uuid import UUID

from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.common.errors import NotFound
from atlas.conversations.models import Conversation


def owned(conversation_id: UUID, by: User) -> Conversation:
    """The conversation, locked until the end of the transaction; raises `NotFound` for anybody
    but its owner."""
    locked = Conversation.objects.owned_by(by).select_for_update(of=("self",))
    conversation = locked.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound(_("There is no such conversation, or it is not yours."))
    return conversation
