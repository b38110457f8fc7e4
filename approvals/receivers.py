"""What deleting a conversation means for the requests that came from it."""

from typing import Any

from django.db.models.signals import pre_delete

from approvals.services import withdraw_of_conversation
from atlas.conversations.models import Conversation


def connect() -> None:
    """Listen to deletions of conversations; called once when the app is ready."""
    pre_delete.connect(_withdraw, sender=Conversation, dispatch_uid="approvals.withdraw")


def _withdraw(instance: Conversation, **_: Any) -> None:
    withdraw_of_conversation(instance.pk)
