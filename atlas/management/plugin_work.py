"""The work of `manage.py plugin` that needs plugins or their tables."""

import asyncio
import dataclasses
import importlib.metadata
import importlib.util
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

import plugins_app.local
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.management.plugin_listing import chosen
from atlas.management.standard_streams import OwnStreams
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.contexts import fragments
from plugins_app.host.contexts.fragments import Refreshed
from plugins_app.host.facets import transports
from plugins_app.host.loading import GROUP
from plugins_app.host.models import PluginConfigVersion
from plugins_app.host.options import vault
from plugins_app.host.tables.ddl import apply_tables
from plugins_app.host.tables.names import check_tables, table_names
from plugins_app.host.upkeep import health, leases
from plugins_app.sdk import Plugin, PluginError
from plugins_app.sdk.scaffold import ScaffoldError, write_local


def create(name: str, plugin_type: str) -> Path:
    """Write a plugin into this project and return its folder."""
    parent = Path(next(iter(plugins_app.local.__path__)))
    try:
        return write_local(parent, name, plugin_type)
    except ScaffoldError as error:
        raise AtlasError(str(error)) from error


def install(package: str) -> list[str]:
    """Install a package into this environment; return the plugins that it announces."""
    if package.startswith("-"):
        raise AtlasError("Name a package, not an option.")
    before = _announced()
    done = subprocess.run([*_installer(), package], check=False)  # noqa: S603 - the operator's own words, no shell
    if done.returncode:
        raise AtlasError(f"{package} could not be installed; see above.")
    return sorted(_announced() - before)


def migrate(plugin_id: str | None) -> list[str]:
    """Bring tables to their declaration without starting a plugin; return what ran."""
    ran: list[str] = []
    taken: set[str] = set()
    for plugin in chosen(None):
        if plugin_id in (None, plugin.id) and plugin.schema:
            ran += _migrated(plugin, taken)
        taken.update(table_names(plugin).values())
    return ran


async def probe(plugin_id: str | None) -> list[tuple[str, bool, str]]:
    """Probe one plugin or all that are enabled: id, whether it is healthy, and what it says."""
    entries = [e for e in registry.current().all() if e.enabled and plugin_id in (None, e.id)]
    if plugin_id is not None and not entries:
        raise AtlasError(f"{plugin_id} is switched off or unknown. See manage.py plugin list.")
    reports = await asyncio.gather(*(health.check_entry(entry) for entry in entries))
    return [
        (entry.id, report.result.healthy, report.result.message)
        for entry, report in zip(entries, reports, strict=True)
    ]


async def refresh(plugin_id: str | None) -> list[Refreshed]:
    """Read context again in this process; other processes are woken by the caller."""
    if plugin_id is None:
        return await fragments.refresh_all()
    return [await fragments.refresh(plugin_id)]


async def transport(plugin_id: str, as_user: str, streams: OwnStreams) -> None:
    """Run the own transport of a plugin until it ends or this process is interrupted.

    `as_user` is whom it speaks for. One over stdio alone has stdin and stdout meanwhile.
    """
    entry = registry.current().get(plugin_id)
    facet = entry.plugin.interaction
    if facet is None or facet.transport is None:
        raise AtlasError(f"{plugin_id} has no transport of its own to run.")
    if not entry.usable or entry.context is None:
        raise AtlasError(f"{plugin_id} was not started: {entry.reason or 'it is switched off'}")
    if facet.stdio:
        ctx = dataclasses.replace(entry.context, as_user=as_user)
        with streams.given():
            await calls.call(entry, facet.transport, ctx, timeout_s=math.inf)
    elif as_user:
        raise AtlasError(f"{plugin_id} does not speak over stdin and stdout, so --as is of no use.")
    elif not await transports.lead(entry):
        holder = await in_db(leases.holder, transports.lease_of(plugin_id))
        where = holder.owner if holder else "another process"
        raise AtlasError(f"The transport of {plugin_id} runs already in {where}.")


def rekey() -> int:
    """Encrypt the stored secrets anew; return how many. Nothing changes when one is unreadable."""
    with transaction.atomic():
        rows = PluginConfigVersion.objects.select_for_update().exclude(secrets={})
        count = 0
        for row in rows:
            row.secrets = {name: vault.rotated(token) for name, token in row.secrets.items()}
            row.save(update_fields=["secrets"])
            count += len(row.secrets)
    return count


def _migrated(plugin: Plugin[Any], taken: set[str]) -> list[str]:
    try:
        check_tables(plugin, taken)
        return apply_tables(plugin)
    except (PluginError, DatabaseError) as error:
        raise AtlasError(f"{plugin.id}: {error}") from error


def _announced() -> set[str]:
    importlib.invalidate_caches()
    return {point.name for point in importlib.metadata.entry_points(group=GROUP)}


def _installer() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install"]
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    return [uv, "pip", "install", "--python", sys.executable]
