"""Everything one may ask of the audit log; names come with it unless they were erased."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from atlas.audit.models import AuditEntry


class AuditEntryManager(models.Manager["AuditEntry"]):
    """Adds `actor_name` and `subject` to each entry: the text of the key, or what is plain."""

    def get_queryset(self) -> "models.QuerySet[AuditEntry]":
        texts: dict[str, Coalesce] = {
            "actor_name": Coalesce(_text_of("actor_key"), F("plain_name")),
            "subject": Coalesce(_text_of("subject_key"), F("plain_subject")),
        }
        return super().get_queryset().annotate(**texts)


def _text_of(column: str) -> Subquery:
    kept = apps.get_model("audit", "AuditPersonal")._default_manager
    return Subquery(kept.filter(key=OuterRef(column)).values("text")[:1])
