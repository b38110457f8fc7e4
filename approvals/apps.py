"""Proposed actions, who decides them, and what became of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from approvals import plugin_uses, receivers  # noqa: PLC0415 - the models exist only now
        from approvals.notices import letters as notice_letters  # noqa: PLC0415 - the models exist only now

        receivers.connect()
        notice_letters.register()
        plugin_uses.connect()
