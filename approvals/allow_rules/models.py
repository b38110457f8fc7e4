"""The table of allow rules; a rule never changes, it is replaced or revoked."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.allow_rules.allowances import Allowance
from approvals.policies import AllowedBy
from approvals.rules.conditions import Condition, Operator


class AllowRule(models.Model):
    """What an admin allowed in advance, until a moment; the database refuses any change of it.

    `conditions` are objects with `field`, `operator` and `value`. With `is_for_all` anybody's
    proposals pass, else only those of `asker`, also when that person is deleted.
    """

    name = models.CharField(_("name"), max_length=120)
    action = models.CharField(_("action"), max_length=64)
    plugin_id = models.CharField(_("plugin"), max_length=64)
    fingerprint = models.CharField(max_length=64)
    conditions = models.JSONField(default=list)
    is_for_all = models.BooleanField(default=False)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asker_name = models.CharField(max_length=200, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(_("made by"), max_length=200)
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    made_from = models.ForeignKey(
        "approvals.ActionRequest", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaced_by"
    )
    ends_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by_name = models.CharField(_("revoked by"), max_length=200, default="")

    app_privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        app_label = "approvals"
        ordering = ["-id"]
        verbose_name = _("allow rule")
        constraints = [
            models.CheckConstraint(
                name="allow_rule_ends", condition=models.Q(ends_at__gt=models.F("made_at"))
            )
        ]
        indexes = [
            models.Index(
                fields=["action"],
                name="allow_rule_in_force",
                condition=models.Q(revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def all_conditions(self) -> tuple[Condition, ...]:
        return tuple(
            Condition(one["field"], Operator(one["operator"]), one["value"])
            for one in self.conditions
        )

    @property
    def allowance(self) -> Allowance:
        """The rule as the pure rules know it."""
        # Nobody has the number 0: a rule for a person who was deleted fits nobody.
        asker = None if self.is_for_all else self.asker_id or 0
        return Allowance(self.action, self.plugin_id, self.fingerprint, self.all_conditions, asker)

    @property
    def allowed_by(self) -> AllowedBy:
        """How a request that passes names the rule."""
        return AllowedBy(self.pk, self.name, self.made_by_name)
