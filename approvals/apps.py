"""Proposed actions, who decides them, and what became of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from approvals import notice_letters, plugin_uses, receivers  # noqa: PLC0415 - the models exist only now

        receivers.connect()
        notice_letters.register()
        plugin_uses.connect()
