"""The table of notices: one row for each person, kind and subject, which is its own queue."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class NoticeStatus(models.TextChoices):
    """Where a notice stands; only a waiting one can still be sent."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    MOOT = "moot", _("not needed any more")
    REFUSED = "refused", _("refused")
    UNCLEAR = "unclear", _("perhaps sent")


class Notice(models.Model):
    """A letter that is to reach a person at most once.

    What it says is written when it is sent. It is claimed by lease, marked as being sent before
    the mail server hears of it, and as sent afterwards: a row that is still being sent when its
    lease is over is unclear, and never sent again.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=32)
    subject = models.CharField(_("subject"), max_length=64)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=NoticeStatus,
        default=NoticeStatus.WAITING,
        db_default=NoticeStatus.WAITING,
    )
    problem = models.TextField(_("problem"), default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(_("made at"), db_default=Now())
    not_before = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True)
    lease_owner = models.CharField(max_length=60, default="", db_default="")
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "subject"], name="notice_once"),
            models.CheckConstraint(
                name="notice_status_known", condition=models.Q(status__in=NoticeStatus.values)
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="notice_queue",
                condition=models.Q(status__in=[NoticeStatus.WAITING, NoticeStatus.SENDING]),
            ),
            models.Index(fields=["kind", "subject"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} about {self.subject}"
