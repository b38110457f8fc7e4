"""Rights to run an approved query once: written with the approval, consumed with the intent."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.datasources.models import QueryGrant
from atlas.datasources.sensitive import policy_version


class GrantGone(AtlasError):
    """The approval does not fit what was to run, or it was used; nothing was sent."""

    code = "approval_gone"


@dataclass(frozen=True, slots=True)
class Approved:
    """What was approved: by which request, under which definitions."""

    request_id: int
    semantic_version: str


def grant(
    approved: Approved, *, person_id: int, datasource: str, sql: str, expires_at: datetime
) -> None:
    """Write the right down, in the transaction of the approval."""
    QueryGrant.objects.create(
        request_id=approved.request_id,
        person_id=person_id,
        datasource=datasource,
        sql_hash=hash_of(sql),
        policy_version=policy_version(),
        semantic_version=approved.semantic_version,
        expires_at=expires_at,
    )


def consume(approved: Approved, *, person_id: int, datasource: str, sql: str, intent: int) -> None:
    """Use the right up, in the transaction of the audit intent; raises `GrantGone`.

    Of any number of callers one succeeds. Text, person, datasource, policies and definitions must
    be those of the approval.
    """
    fitting = QueryGrant.objects.filter(
        request_id=approved.request_id,
        person_id=person_id,
        datasource=datasource,
        sql_hash=hash_of(sql),
        policy_version=policy_version(),
        semantic_version=approved.semantic_version,
        consumed_at=None,
        expires_at__gt=Now(),
    )
    if not fitting.update(consumed_at=Now(), intent_id=intent):
        raise GrantGone(
            _("The approval was used, or something changed since. Ask the question again.")
        )


def hash_of(sql: str) -> str:
    """The SHA-256 of the text that was approved, in hexadecimal."""
    return sha256(sql.encode()).hexdigest()
