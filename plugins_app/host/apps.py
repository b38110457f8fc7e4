"""The Django app of the plugin host; its label is "plugins"."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HostConfig(AppConfig):
    """Imports no plugin and touches no database; `lifecycle.start` does both later."""

    name = "plugins_app.host"
    label = "plugins"
    verbose_name = _("Plugins")
    default_auto_field = "django.db.models.BigAutoField"
