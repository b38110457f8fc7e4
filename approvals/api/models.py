"""The table of answers that a repeated call gets again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Reply(models.Model):
    """What a call under an `Idempotency-Key` was answered with, so that a repeat gets the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        app_label = "approvals"
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_reply_each")]
        indexes = [models.Index(fields=["at"], name="reply_by_age")]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"
