"""The status of a plugin in one process and its allowed changes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PluginStatus(TextChoices):
    """Where a plugin is between registration and shutdown."""

    REGISTERED = "registered", _("Registered")
    INITIALIZING = "initializing", _("Initializing")
    HEALTHY = "healthy", _("Healthy")
    UNHEALTHY = "unhealthy", _("Unhealthy")
    TEARDOWN = "teardown", _("Torn down")


ALLOWED: dict[PluginStatus, frozenset[PluginStatus]] = {
    PluginStatus.REGISTERED: frozenset(
        {PluginStatus.INITIALIZING, PluginStatus.UNHEALTHY, PluginStatus.TEARDOWN}
    ),
    PluginStatus.INITIALIZING: frozenset(
        {PluginStatus.HEALTHY, PluginStatus.UNHEALTHY, PluginStatus.TEARDOWN}
    ),
    PluginStatus.HEALTHY: frozenset({PluginStatus.UNHEALTHY, PluginStatus.TEARDOWN}),
    # INITIALIZING again: an operator switched the plugin off and on after a failed start.
    PluginStatus.UNHEALTHY: frozenset(
        {PluginStatus.HEALTHY, PluginStatus.INITIALIZING, PluginStatus.TEARDOWN}
    ),
    # REGISTERED again: an operator enabled a plugin that had been torn down by disabling it.
    PluginStatus.TEARDOWN: frozenset({PluginStatus.REGISTERED}),
}
