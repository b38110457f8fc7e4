"""Health checks are bounded, timed and scrubbed, and never promote what was not initialized."""

import asyncio
import time

import pytest
from pydantic import SecretStr

from plugins_app.host import health
from plugins_app.host.status import PluginStatus
from plugins_app.sdk import HealthResult, Plugin, PluginConfig


class Provider:
    def load(self):
        return ""


class Config(PluginConfig):
    key: SecretStr = SecretStr("canary-7f3a91")


def plugin(health_check=None, plugin_id="p"):
    return Plugin(
        id=plugin_id,
        types=("context",),
        version="1.0.0",
        name="Probe",
        config=Config(),
        context_provider=Provider(),
        health_check=health_check,
    )


def raising():
    raise ConnectionError("login with canary-7f3a91 failed")


async def hang():
    await asyncio.Event().wait()


PROBES = [
    (lambda: HealthResult(True, latency_ms=7.0), True, "", "healthy"),
    (lambda: HealthResult(False, "away"), False, "away", "unhealthy"),
    (lambda: HealthResult(False), False, "", "unhealthy"),
    (
        lambda: HealthResult(False, "key canary-7f3a91"),
        False,
        "key [hidden]",
        "unhealthy",
    ),
    (raising, False, "The plugin “Probe” failed: login with [hidden] failed", "unhealthy"),
    (
        lambda: True,
        False,
        "Its health check returned something that is not a HealthResult",
        "unhealthy",
    ),
    (None, True, "", "healthy"),
]


@pytest.mark.parametrize(("probe", "healthy", "message", "status"), PROBES)
async def test_the_result_decides_the_status(registered, probe, healthy, message, status):
    (entry,) = registered(plugin(probe))
    report = await health.check("p")
    assert (report.result.healthy, report.result.message) == (healthy, message)
    assert entry.status == status
    assert entry.last_health is report


async def test_latency_is_measured_when_the_plugin_does_not(registered):
    registered(plugin(lambda: HealthResult(True)))
    assert (await health.check("p")).result.latency_ms >= 0


async def test_health_flips_both_ways(registered):
    results = [HealthResult(False, "away"), HealthResult(True)]
    (entry,) = registered(plugin(lambda: results.pop(0)))
    await health.check("p")
    assert (entry.status, entry.reason) == (PluginStatus.UNHEALTHY, "away")
    await health.check("p")
    assert (entry.status, entry.reason) == (PluginStatus.HEALTHY, "")


async def test_hanging_checks_end_at_the_same_time(registered, monkeypatch):
    monkeypatch.setattr(health, "DEADLINE_S", 0.1)
    registered(*(plugin(hang, f"p{n}") for n in range(5)), plugin(plugin_id="good"))
    started = time.perf_counter()
    reports = await health.check_all()
    assert time.perf_counter() - started < 0.4
    assert [report.result.healthy for report in reports] == [False] * 5 + [True]
    assert reports[0].result.message.startswith("The plugin “Probe” did not answer within 0.1 s")


async def test_a_plugin_that_was_never_initialized_is_never_promoted(registered):
    (entry,) = registered(plugin(lambda: HealthResult(True)))
    entry.initialized = False
    entry.move(PluginStatus.UNHEALTHY, "its start failed")
    report = await health.check("p")
    assert (report.result.healthy, report.result.message) == (False, "its start failed")
    assert entry.status == PluginStatus.UNHEALTHY


async def test_a_disabled_plugin_is_not_probed(registered):
    calls = []
    (entry,) = registered(plugin(lambda: calls.append(1)))
    entry.enabled = False
    assert (await health.check("p")).result.message == "Disabled"
    assert calls == []
