"""The table of votes; a vote never goes away."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from approvals.deciding.names import decider_name
from approvals.enums import Decision


class Vote(models.Model):
    """What one person decided about one version of a request; kept when the person is deleted.

    A vote cast for a colleague who was away names that colleague, whose only vote it is.
    """

    request = models.ForeignKey(
        "approvals.ActionRequest", on_delete=models.CASCADE, related_name="votes"
    )
    version = models.PositiveSmallIntegerField()
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    voter_name = models.CharField(max_length=200)
    # Whose right it was: the voter's own, or that of a colleague who was away. No reference, so
    # that it stays when the person is deleted.
    right_of = models.BigIntegerField(null=True)
    for_name = models.CharField(max_length=200, default="", db_default="")
    decision = models.CharField(max_length=8, choices=Decision)
    reason = models.TextField(default="")
    at = models.DateTimeField(db_default=Now())

    app_privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        app_label = "approvals"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "version", "voter"], name="one_vote_each"),
            models.UniqueConstraint(
                fields=["request", "version", "right_of"], name="one_vote_by_right"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.decision}"

    @property
    def who(self) -> str:
        """The voter's name, with that of the person for whom it was."""
        return decider_name(self.voter_name, self.for_name)
