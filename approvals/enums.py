"""The closed vocabularies of approvals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a request stands; `transitions` says which may follow which."""

    PENDING = "pending", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("replaced")
    EXECUTING = "executing", _("in progress")
    LAPSED = "lapsed", _("lapsed")
    EXECUTED = "executed", _("done")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("outcome unknown")
    ROLLING_BACK = "rolling_back", _("rolling back")
    ROLLED_BACK = "rolled_back", _("rolled back")
    ROLLBACK_FAILED = "rollback_failed", _("rollback failed")
    ROLLBACK_UNKNOWN = "rollback_unknown", _("rollback unknown")

    @property
    def is_open(self) -> bool:
        """Whether nobody can say yet what becomes of the request."""
        return self in OPEN


OPEN = frozenset({Status.PENDING, Status.APPROVED, Status.EXECUTING})


class Mode(TextChoices):
    """Who decides a request; the order of the members is the rank of strictness."""

    AUTO = "auto", _("by policy")
    MANUAL = "manual", _("by somebody in the conversation")
    ADMIN_ONLY = "admin-only", _("admin only")

    @property
    def strictness(self) -> int:
        return list(Mode).index(self)


class Kind(TextChoices):
    """What a request asks for: an action, a sensitive query, or to undo what a request did."""

    ACTION = "action", _("action")
    QUERY = "query", _("query")
    ROLLBACK = "rollback", _("roll back")


class Delivery(TextChoices):
    """What may happen after a lost reply: sent again with the same key, asked about, or neither."""

    ONCE = "once", _("never sent twice")
    IDEMPOTENT = "idempotent", _("sent again with the same key")
    RECONCILABLE = "reconcilable", _("asked about")


class Decision(TextChoices):
    """What one person voted."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
