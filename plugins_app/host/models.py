"""Plugin status of every process, settings that outlive a restart, and the log of table changes."""

import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from plugins_app.host.status import PluginStatus


class PluginState(models.Model):
    """What one process knows about one plugin; written by that process, with a heartbeat."""

    plugin_id = models.CharField(_("plugin"), max_length=64)
    process = models.CharField(_("process"), max_length=120)
    name = models.CharField(_("name"), max_length=200)
    types = models.JSONField(_("types"), default=list)
    version = models.CharField(_("version"), max_length=100)
    status = models.CharField(_("status"), max_length=20, choices=PluginStatus)
    enabled = models.BooleanField(_("enabled"), default=True)
    healthy = models.BooleanField(_("healthy"), default=False)
    latency_ms = models.FloatField(_("latency (ms)"), null=True, blank=True)
    message = models.TextField(_("last report"), blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    since = models.DateTimeField(_("in this status since"), null=True, blank=True)
    latencies = models.JSONField(_("latest checks"), default=list, blank=True)
    config_version = models.PositiveIntegerField(_("version of stored options"), default=0)
    seen_at = models.DateTimeField(_("last seen"), db_index=True)
    context_text = models.TextField(_("context"), blank=True)
    context_loaded_at = models.DateTimeField(_("context loaded"), null=True, blank=True)

    class Meta:
        ordering = ["plugin_id", "process"]
        verbose_name = _("plugin")
        verbose_name_plural = _("plugins")
        constraints = [
            models.UniqueConstraint(fields=["plugin_id", "process"], name="plugin_state_unique")
        ]

    def __str__(self) -> str:
        return f"{self.plugin_id} ({self.process})"


class PluginRepair(models.Model):
    """One known problem of a plugin, or of the whole installation when it names none.

    `command` is what an operator can run, `button` what a click does (see `fixing`).
    """

    plugin_id = models.CharField(_("plugin"), max_length=64, blank=True)
    area = models.CharField(_("area"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    meaning = models.TextField(_("what it means"))
    cure = models.TextField(_("what to do"))
    command = models.TextField(_("command"), blank=True, default="", db_default="")
    button = models.CharField(_("button"), max_length=20, blank=True, default="", db_default="")
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last seen"), db_default=Now())

    class Meta:
        ordering = ["plugin_id", "area", "subject"]
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["plugin_id", "area", "subject"], name="plugin_repair_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plugin_id}: {self.meaning}"


class PluginSetting(models.Model):
    """What an operator decided about a plugin; a plugin without a row is enabled."""

    plugin_id = models.CharField(_("plugin"), max_length=64, primary_key=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    pinned_context = models.PositiveBigIntegerField(_("context gone back to"), null=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("plugin setting")
        verbose_name_plural = _("plugin settings")

    def __str__(self) -> str:
        return self.plugin_id


class PluginLeaseQuerySet(models.QuerySet["PluginLease"]):
    """Leases."""

    def in_force(self) -> "PluginLeaseQuerySet":
        """Those that have not run out."""
        return self.filter(until__gt=Now())

    def long_gone(self) -> "PluginLeaseQuerySet":
        """Those that nobody renewed for a day."""
        return self.filter(until__lt=Now() - datetime.timedelta(days=1))


class PluginLease(models.Model):
    """Something that one process does for all of them, such as running a transport."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    owner = models.CharField(_("held by"), max_length=160)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    objects = PluginLeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name}: {self.owner}"


class PluginConfigVersion(models.Model):
    """One version of a plugin's stored options; the highest number counts, and none is changed."""

    plugin_id = models.CharField(_("plugin"), max_length=64)
    number = models.PositiveIntegerField(_("version"))
    options = models.JSONField(_("options"), default=dict)
    secrets = models.JSONField(_("encrypted secrets"), default=dict)
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True)

    class Meta:
        ordering = ["plugin_id", "-number"]
        verbose_name = _("configuration of a plugin")
        verbose_name_plural = _("configurations of plugins")
        constraints = [
            models.UniqueConstraint(fields=["plugin_id", "number"], name="plugin_config_unique")
        ]

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.number}"


class ContextVersion(models.Model):
    """One text that a context plugin gave, kept so that an operator can go back to it."""

    plugin_id = models.CharField(_("plugin"), max_length=64)
    text = models.TextField(_("text"))
    terms = models.JSONField(_("terms"), default=dict)
    digest = models.CharField(_("digest"), max_length=64)
    took_ms = models.PositiveIntegerField(_("took (ms)"), default=0)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)
    loaded_by = models.CharField(_("refreshed by"), max_length=150, blank=True)

    class Meta:
        ordering = ["plugin_id", "-id"]
        verbose_name = _("version of context")
        verbose_name_plural = _("versions of context")
        indexes = [models.Index(fields=["plugin_id", "-id"], name="plugin_context_newest")]

    def __str__(self) -> str:
        return f"{self.plugin_id} {self.pk}"


class PluginMigration(models.Model):
    """One statement that created or extended a plugin's table; a log, never a decision."""

    plugin_id = models.CharField(_("plugin"), max_length=64)
    table_name = models.CharField(_("table"), max_length=63)
    sql = models.TextField(_("statement"))
    sql_hash = models.CharField(_("hash"), max_length=64)
    applied_at = models.DateTimeField(_("applied"), auto_now_add=True)

    class Meta:
        db_table = "plugin_migrations"
        ordering = ["applied_at", "id"]
        verbose_name = _("plugin table change")
        verbose_name_plural = _("plugin table changes")
        indexes = [models.Index(fields=["table_name"], name="plugin_migrations_table")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.sql_hash[:12]}"
