"""The three roles and what each may do, and what an API key may be used for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may do, from least to most; the order of the members is the rank."""

    VIEWER = "viewer", _("viewer")
    ANALYST = "analyst", _("analyst")
    ADMIN = "admin", _("admin")

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    @property
    def may_ask(self) -> bool:
        """Viewers read what they take part in, and neither ask nor decide."""
        return self is not Role.VIEWER

    def reaches(self, other: "Role") -> bool:
        """Whether this role may do everything that `other` may."""
        return self.rank >= other.rank

    def at_most(self, other: "Role") -> "Role":
        """The lower of the two: a key never grants more than its owner's role."""
        return self if other.reaches(self) else other


class Scope(TextChoices):
    """What an API key may be used for, beside reading, within the rights of its role."""

    ASK = "ask", _("ask questions")
    DECIDE = "decide", _("decide requests")
