"""Who takes part in a conversation: the owner lets colleagues in, as readers or as participants."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.services import rights_changed
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.conversations.models import Conversation, Participant


def add(conversation_id: UUID, *, by: User, username: str, may_write: bool) -> Participant:
    """Let a colleague in; somebody who takes part already gets the new right.

    Who may write also asks, and decides manual requests unless the role is viewer. Raises
    `NotFound` for anybody but the owner, `BadInput` for an unknown name or the owner's own.
    """
    with transaction.atomic():
        conversation = _owned(conversation_id, by)
        person = User.objects.filter(username=username.strip(), is_active=True).first()
        if person is None:
            raise BadInput(_("There is no active person with this user name."))
        if person.pk == by.pk:
            raise BadInput(_("You take part already, as the owner."))
        place, _made = Participant.objects.update_or_create(
            conversation=conversation, user=person, defaults={"may_write": may_write}
        )
        record(
            AuditEvent.PARTICIPANT_ADDED,
            actor=by,
            conversation_id=conversation_id,
            subject=f"user {person.pk}",
            body={"may_write": may_write},
        )
        notify(Topic.CONVERSATION, str(conversation_id))
    return place


def remove(conversation_id: UUID, *, by: User, user_id: int) -> None:
    """Take a colleague out, or leave; what the person has open of the conversation is closed.

    Raises `NotFound` for who is neither the owner nor that person, `NotAllowed` for the owner's
    own place.
    """
    with transaction.atomic():
        if by.pk != user_id:
            _owned(conversation_id, by)
        places = Participant.objects.select_related("user").filter(conversation_id=conversation_id)
        place = places.filter(user_id=user_id).first()
        if place is None:
            raise NotFound(_("This person does not take part in the conversation."))
        if place.is_owner:
            raise NotAllowed(_("The owner stays. Delete the conversation instead."))
        place.delete()
        record(
            AuditEvent.PARTICIPANT_REMOVED,
            actor=by,
            conversation_id=conversation_id,
            subject=f"user {user_id}",
            body={},
        )
        rights_changed(place.user)
        notify(Topic.CONVERSATION, str(conversation_id))


def _owned(conversation_id: UUID, by: User) -> Conversation:
    owned = Conversation.objects.owned_by(by).select_for_update(of=("self",))
    conversation = owned.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound(_("There is no such conversation, or it is not yours."))
    return conversation
