"""Writes what this process knows about its plugins to Postgres, with a heartbeat."""

import datetime
import logging
import os
import socket
import threading
from collections.abc import Sequence

from django.db import Error
from django.db.models.functions import Now

from atlas.common.db import in_db
from plugins_app.host import registry
from plugins_app.host.contexts import fragments
from plugins_app.host.models import PluginSetting, PluginState
from plugins_app.host.registry import Entry

logger = logging.getLogger(__name__)

_writing = threading.Lock()

# A process that has not written for this long is gone.
FORGET_AFTER = datetime.timedelta(minutes=5)


def process_name() -> str:
    """Return the name under which this process writes its rows."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


async def write_all() -> None:
    """Write the state of every plugin; a database that is away is logged and tried next time."""
    if not registry.is_running():
        return
    try:
        await in_db(_write_all, registry.current().all())
    except Error:
        logger.warning("The status of the plugins could not be written; it is tried again")


def _write_all(entries: Sequence[Entry]) -> None:
    # What is known is read under the lock, so that the write that ends last holds the newest.
    with _writing:
        if registry.is_running():
            _write([_row(entry) for entry in entries])


async def disabled_ids() -> frozenset[str] | None:
    """Return the ids of plugins an operator switched off; None when the database is away."""
    try:
        return await in_db(_disabled)
    except Error:
        logger.warning("The settings of the plugins could not be read; they stay as they are")
        return None


async def forget_this_process() -> None:
    """Delete this process's rows; called at shutdown."""
    try:
        await in_db(_forget)
    except Error:
        logger.info("The status of the plugins could not be cleared")


def _forget() -> None:
    with _writing:
        PluginState.objects.filter(process=process_name()).delete()


def _row(entry: Entry) -> PluginState:
    health = entry.last_health
    fragment = fragments.last(entry)
    return PluginState(
        plugin_id=entry.id,
        process=process_name(),
        name=entry.plugin.label,
        types=list(entry.plugin.types),
        version=entry.plugin.version,
        status=entry.status,
        enabled=entry.enabled,
        healthy=entry.healthy,
        latency_ms=health.result.latency_ms if health else None,
        message=entry.reason or (health.result.message if health else ""),
        checked_at=health.checked_at if health else None,
        since=entry.since,
        config_version=entry.config_version,
        latencies=[[report.result.healthy, report.result.latency_ms] for report in entry.reports],
        context_text=fragment.told if fragment else "",
        context_loaded_at=fragment.loaded_at if fragment else None,
    )


def _write(rows: list[PluginState]) -> None:
    for row in rows:
        row.seen_at = Now()
    names = [f.name for f in PluginState._meta.concrete_fields if not f.primary_key]
    PluginState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["plugin_id", "process"],
        update_fields=[name for name in names if name not in ("plugin_id", "process")],
    )
    # A plugin that left the configuration leaves its row behind.
    known = [row.plugin_id for row in rows]
    PluginState.objects.filter(process=process_name()).exclude(plugin_id__in=known).delete()
    PluginState.objects.filter(seen_at__lt=Now() - FORGET_AFTER).delete()


def _disabled() -> frozenset[str]:
    rows = PluginSetting.objects.filter(enabled=False).values_list("plugin_id", flat=True)
    return frozenset(rows)
