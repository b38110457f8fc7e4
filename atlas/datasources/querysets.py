"""Everything one may ask of stored results."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from atlas.conversations.models import Conversation

if TYPE_CHECKING:
    from atlas.accounts.models import User
    from atlas.datasources.models import StoredResult  # noqa: F401 - named in the base below


class StoredResultQuerySet(models.QuerySet["StoredResult"]):
    def kept(self) -> "StoredResultQuerySet":
        """The results that have not expired."""
        return self.filter(expires_at__gt=Now())

    def expired(self) -> "StoredResultQuerySet":
        return self.filter(expires_at__lte=Now())

    def visible_to(self, user: "User") -> "StoredResultQuerySet":
        """The kept results of conversations that `user` takes part in."""
        seen = Conversation.objects.visible_to(user)
        return self.kept().filter(conversation_id__in=seen.values("pk"))
