"""What operators decide about plugins; every process follows within seconds."""

from typing import Any

from django.db import transaction

from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from plugins_app.host.models import PluginSetting
from plugins_app.host.upkeep import notices


def set_enabled(plugin_id: str, enabled: bool, *, by: Any) -> None:
    """Switch a plugin on or off in all processes, and record who did it."""
    event = AuditEvent.PLUGIN_ENABLED if enabled else AuditEvent.PLUGIN_DISABLED
    with transaction.atomic():
        PluginSetting.objects.update_or_create(
            plugin_id=plugin_id,
            defaults={"enabled": enabled, "changed_by": by.get_username()},
        )
        record(event, actor=by, subject=f"plugin {plugin_id}")
        notices.announce(notices.SETTINGS, plugin_id)


def request_restart(plugin_id: str, *, by: Any) -> None:
    """Have every process start a plugin anew, and record who asked."""
    with transaction.atomic():
        body = {"again": True}
        record(AuditEvent.PLUGIN_ENABLED, actor=by, subject=f"plugin {plugin_id}", body=body)
        notices.announce(notices.RESTART, f"{plugin_id}:{notices.PROCESS}")


def request_refresh(plugin_id: str, *, by: Any) -> None:
    """Have every process read the context of a plugin again, and record who asked."""
    with transaction.atomic():
        record_refresh(plugin_id, by=by)
        notices.announce(notices.REFRESH, plugin_id)


def record_refresh(plugin_id: str, *, by: Any) -> None:
    """Record who asked for a refresh, and leave the version that somebody went back to."""
    with transaction.atomic():
        PluginSetting.objects.filter(plugin_id=plugin_id).update(pinned_context=None)
        record(AuditEvent.CONTEXT_REFRESHED, actor=by, subject=f"plugin {plugin_id}")
