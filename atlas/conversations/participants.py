"""Who takes part in a conversation: the owner lets colleagues in, as readers or as participants."""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.services import rights_changed
from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import BadInput, NotAllowed, NotFound
from atlas.conversations.models import Conversation, Participant
from atlas.conversations.ownership import owned

_PLACE = """
SELECT may_write FROM conversations_participant WHERE conversation_id = %s AND user_id = %s
"""


def place_in(conversation_id: UUID, user: User) -> bool | None:
    """Whether the person's place in a conversation lets them write; None without a place."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [conversation_id, user.pk])
        place = cursor.fetchone()
    return None if place is None else bool(place[0])


def people_key(conversation_id: UUID | None) -> str:
    """The key of the bus for who takes part in a conversation; of none, one that nobody wakes."""
    return f"{conversation_id}:people"


def add(conversation_id: UUID, *, by: User, username: str, may_write: bool) -> Participant:
    """Let a colleague in; somebody who takes part already gets the new right, and pages that the
    person has open look at it again.

    Who may write also asks, and decides manual requests unless the role is viewer. Raises
    `NotFound` for anybody but the owner, `BadInput` for an unknown name or the owner's own.
    """
    with transaction.atomic():
        conversation = owned(conversation_id, by)
        person = User.objects.filter(username=username.strip(), is_active=True).first()
        if person is None:
            raise BadInput(
                _("There is no active person with this user name. Check how it is written.")
            )
        if person.pk == by.pk:
            raise BadInput(_("You take part already, as the owner."))
        place = _placed(conversation, person, may_write, by)
        notify(Topic.CONVERSATION, people_key(conversation_id))
    return place


def remove(conversation_id: UUID, *, by: User, user_id: int) -> None:
    """Take a colleague out, or leave; every socket that the person has open is closed.

    That is more than those of this conversation: sockets know of rights by one number for each
    person, and a browser that still may opens another one at once.

    Raises `NotFound` for who is neither the owner nor that person, `NotAllowed` for the owner's
    own place.
    """
    with transaction.atomic():
        if by.pk != user_id:
            owned(conversation_id, by)
        places = Participant.objects.select_related("user").filter(conversation_id=conversation_id)
        place = places.filter(user_id=user_id).first()
        if place is None:
            raise NotFound(
                _("This person takes no part in the conversation any more. Load the page again.")
            )
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
        notify(Topic.CONVERSATION, people_key(conversation_id))


def _placed(conversation: Conversation, person: User, may_write: bool, by: User) -> Participant:
    place, is_new = Participant.objects.get_or_create(
        conversation=conversation, user=person, defaults={"may_write": may_write}
    )
    if not is_new:
        if place.may_write == may_write:
            return place
        place.may_write = may_write
        place.save(update_fields=["may_write"])
        rights_changed(person)
    record(
        AuditEvent.PARTICIPANT_ADDED if is_new else AuditEvent.PARTICIPANT_CHANGED,
        actor=by,
        conversation_id=conversation.pk,
        subject=f"user {person.pk}",
        body={"may_write": may_write},
    )
    return place
