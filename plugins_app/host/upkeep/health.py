"""Health checks with a deadline; their results move plugins between healthy and unhealthy."""

import asyncio
import datetime
import time

from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from plugins_app.host import registry
from plugins_app.host.calling import calls
from plugins_app.host.registry import Entry, HealthReport
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import HealthResult

DEADLINE_S = 5.0
# Making a sandbox is slow, and its probe makes one.
SANDBOX_DEADLINE_S = 30.0


async def check(plugin_id: str) -> HealthReport:
    """Probe one plugin now; never raises for what the plugin does."""
    return await check_entry(registry.current().get(plugin_id))


async def check_all() -> list[HealthReport]:
    """Probe every plugin at the same time."""
    return await asyncio.gather(*(check_entry(entry) for entry in registry.current().all()))


async def check_due(now: datetime.datetime) -> list[HealthReport]:
    """Probe at the same time the plugins whose own interval has passed since their last probe."""
    due = [entry for entry in registry.current().all() if _is_due(entry, now)]
    return await asyncio.gather(*(check_entry(entry) for entry in due))


def _is_due(entry: Entry, now: datetime.datetime) -> bool:
    if entry.last_health is None:
        return True
    waited = (now - entry.last_health.checked_at).total_seconds()
    return waited >= entry.plugin.health_interval_s


async def check_entry(entry: Entry) -> HealthReport:
    """Probe a plugin and remember the result; one that was never initialized stays unhealthy.

    What a probe found counts no more when one that began later has ended first.
    """
    entry.probes_begun += 1
    number = entry.probes_begun
    usable = entry.usable
    result = await probe(entry) if usable else HealthResult(False, _why_unusable(entry))
    report = HealthReport(result, timezone.now())
    if number > entry.last_probe:
        entry.last_probe = number
        if usable:
            _apply(entry, result)
        entry.reports.append(report)
    return report


async def probe(entry: Entry) -> HealthResult:
    """Ask the health check of a plugin within its deadline; never raises for the plugin."""
    check = entry.plugin.health_check
    if check is None:
        return HealthResult(entry.status == PluginStatus.HEALTHY, entry.reason)
    deadline = SANDBOX_DEADLINE_S if "sandbox" in entry.plugin.types else DEADLINE_S
    started = time.perf_counter()
    try:
        result = await calls.call(entry, check, timeout_s=deadline)
    except AtlasError as error:
        return HealthResult(False, error.user_message, _elapsed_ms(started))
    if not isinstance(result, HealthResult) or not isinstance(result.healthy, bool):
        message = _("Its health check returned something that is not a HealthResult")
        return HealthResult(False, message, _elapsed_ms(started))
    latency = result.latency_ms if _is_number(result.latency_ms) else _elapsed_ms(started)
    return HealthResult(result.healthy, entry.scrub(str(result.message or "")), latency)


def _apply(entry: Entry, result: HealthResult) -> None:
    # The plugin may have been disabled or torn down while the probe ran.
    if not entry.usable:
        return
    if result.healthy:
        entry.move(PluginStatus.HEALTHY)
    else:
        entry.move(PluginStatus.UNHEALTHY, result.message or _("Its health check failed"))


def _why_unusable(entry: Entry) -> str:
    if not entry.enabled:
        return _("Disabled")
    return entry.reason or entry.thread.off_reason or _("Not initialized")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _elapsed_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
