"""Everything one may ask of conversations and runs."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Coalesce, Now

from atlas.conversations.enums import RunStatus

if TYPE_CHECKING:
    from atlas.accounts.models import User
    from atlas.conversations.models import Conversation, Run  # noqa: F401  # named in quotes below


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User") -> "ConversationQuerySet":
        """The conversations that `user` takes part in; an admin's role adds none."""
        return self.filter(participations__user=user)

    def writable_by(self, user: "User") -> "ConversationQuerySet":
        """The conversations where `user` may ask."""
        if not user.may_ask:
            return self.none()
        return self.filter(participations__user=user, participations__may_write=True)

    def owned_by(self, user: "User") -> "ConversationQuerySet":
        """The conversations that `user` may rename and delete."""
        return self.filter(participations__user=user, participations__is_owner=True)


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: "User") -> "RunQuerySet":
        """The runs of conversations that `user` takes part in."""
        return self.filter(conversation__participations__user=user)

    def unfinished(self) -> "RunQuerySet":
        return self.filter(status__in=[RunStatus.QUEUED, RunStatus.RUNNING])

    def of_conversation(self, conversation_id: UUID) -> "RunQuerySet":
        """A conversation's runs in the order in which they were queued."""
        return self.filter(conversation_id=conversation_id).order_by("queued_at", "id")

    def newest_numbers(self, conversation_ids: list[UUID]) -> "models.QuerySet[Run, Any]":
        """(conversation, run, last event number) of runs that may still have news."""
        recent = Now() - timedelta(seconds=30)
        return (
            self.filter(conversation_id__in=conversation_ids)
            .filter(models.Q(finished_at=None) | models.Q(finished_at__gt=recent))
            .annotate(last=Coalesce(models.Max("events__seq"), 0))
            .values_list("conversation_id", "id", "last")
        )
