"""Versions of context that were in use: who refreshed, when, how long it took, and going back."""

import hashlib
import json

from django.db import connection, transaction
from django.utils.translation import gettext as _

from atlas.audit.events import AuditEvent
from atlas.audit.record import Actor, record
from atlas.common.errors import NotFound
from plugins_app.host.contexts.fragments import Loaded
from plugins_app.host.models import ContextVersion, PluginSetting
from plugins_app.host.upkeep import notices

KEPT = 20


def keep(plugin_id: str, loaded: Loaded, *, took_ms: int = 0, by: str = "") -> None:
    """Keep a fragment when it differs from the newest kept one; the oldest beyond 20 go."""
    digest = _digest(loaded)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"context {plugin_id}"])
        versions = ContextVersion.objects.filter(plugin_id=plugin_id).order_by("-id")
        newest = versions.first()
        if newest is not None and newest.digest == digest:
            return
        ContextVersion.objects.create(
            plugin_id=plugin_id,
            text=loaded.text,
            terms=dict(loaded.terms),
            digest=digest,
            took_ms=took_ms,
            loaded_by=by,
        )
        pinned = PluginSetting.objects.filter(plugin_id=plugin_id).values("pinned_context")
        old = list(versions.exclude(pk__in=pinned).values_list("pk", flat=True)[KEPT:])
        ContextVersion.objects.filter(pk__in=old).delete()


def pinned() -> dict[str, Loaded]:
    """Return the fragment that counts instead of what load() gives, for plugins that went back."""
    pins = PluginSetting.objects.exclude(pinned_context=None)
    wanted = [pk for pk in pins.values_list("pinned_context", flat=True) if pk is not None]
    rows = ContextVersion.objects.filter(pk__in=wanted)
    return {row.plugin_id: Loaded(row.text, row.terms, row.loaded_at) for row in rows}


def revert(plugin_id: str, version_id: int, *, by: Actor) -> None:
    """Use an earlier version in every process until the next refresh; raises `NotFound`."""
    with transaction.atomic():
        if not ContextVersion.objects.filter(pk=version_id, plugin_id=plugin_id).exists():
            raise NotFound(_("There is no such version any more. Load the page again."))
        PluginSetting.objects.update_or_create(
            plugin_id=plugin_id, defaults={"pinned_context": version_id}
        )
        record(
            AuditEvent.CONTEXT_REVERTED,
            actor=by,
            subject=f"plugin {plugin_id}",
            body={"version": version_id},
        )
        notices.announce(notices.SETTINGS, plugin_id)


def _digest(loaded: Loaded) -> str:
    text = json.dumps([loaded.text, dict(loaded.terms)], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
