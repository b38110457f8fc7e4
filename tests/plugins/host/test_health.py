"""Health checks are bounded, timed and scrubbed, and never promote what was not initialized."""

import asyncio
import dataclasses
import datetime
import json
import threading

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pydantic import SecretStr

from atlas.health import healthz
from plugins_app.host.status import PluginStatus
from plugins_app.host.upkeep import health
from plugins_app.sdk import HealthResult, Plugin, PluginConfig, Sandbox


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


async def test_a_check_that_began_earlier_does_not_undo_a_later_one(registered):
    began, may_end = threading.Event(), threading.Event()
    results = [HealthResult(True), HealthResult(False, "away")]

    def waits_the_first_time():
        result = results.pop(0)
        if result.healthy:
            began.set()
            may_end.wait(60)
        return result

    (entry,) = registered(plugin(waits_the_first_time))
    earlier = asyncio.create_task(health.check("p"))
    assert await asyncio.to_thread(began.wait, 10)
    later = await health.check("p")
    may_end.set()
    assert (await earlier).result.healthy
    assert (entry.status, entry.reason) == (PluginStatus.UNHEALTHY, "away")
    assert entry.last_health is later


async def test_hanging_checks_end_at_their_deadline_and_hold_no_other(registered, monkeypatch):
    monkeypatch.setattr(health, "DEADLINE_S", 0.1)
    registered(*(plugin(hang, f"p{n}") for n in range(5)), plugin(plugin_id="good"))
    reports = await health.check_all()
    assert [report.result.healthy for report in reports] == [False] * 5 + [True]
    assert reports[0].result.message.startswith("The plugin “Probe” did not answer within 0.1 s")


async def test_checks_run_at_the_same_time(registered, monkeypatch):
    monkeypatch.setattr(health, "DEADLINE_S", 60.0)
    all_asked = threading.Barrier(5)

    def waits_for_the_others():
        all_asked.wait(60)
        return HealthResult(True)

    registered(*(plugin(waits_for_the_others, f"p{n}") for n in range(5)))
    assert [report.result.message for report in await health.check_all()] == [""] * 5


async def test_each_plugin_has_an_interval_of_its_own(registered):
    probed = []

    def every(plugin_id, seconds):
        one = plugin(lambda: probed.append(plugin_id) or HealthResult(True), plugin_id)
        return dataclasses.replace(one, health_interval_s=seconds)

    registered(every("often", 30.0), every("seldom", 3600.0))
    now = timezone.now()
    await health.check_due(now)
    await health.check_due(now + datetime.timedelta(seconds=1))
    await health.check_due(now + datetime.timedelta(seconds=60))
    assert sorted(probed) == ["often", "often", "seldom"]


def test_probes_have_five_seconds_and_sandboxes_thirty():
    assert (health.DEADLINE_S, health.SANDBOX_DEADLINE_S) == (5.0, 30.0)


async def test_a_sandbox_has_more_time_to_answer(registered, monkeypatch):
    monkeypatch.setattr(health, "DEADLINE_S", 0.01)
    answered = asyncio.Event()

    async def slow():
        asyncio.get_running_loop().call_later(0.05, answered.set)
        await answered.wait()
        return HealthResult(True)

    shell = Sandbox(create=lambda root: None)
    registered(
        dataclasses.replace(
            plugin(slow, "shell"), types=("sandbox",), context_provider=None, sandbox=shell
        )
    )
    assert (await health.check("shell")).result.healthy


async def test_the_latest_reports_are_kept(registered):
    (entry,) = registered(plugin(lambda: HealthResult(True, latency_ms=1.0)))
    for _ in range(40):
        await health.check("p")
    assert len(entry.reports) == 30


async def test_the_public_page_says_degraded_and_not_which(registered):
    (entry,) = registered(plugin())
    page = healthz(RequestFactory().get("/healthz"))
    assert json.loads(page.content) == {"status": "ok"}
    entry.move(PluginStatus.UNHEALTHY, "canary-7f3a91 away")
    page = healthz(RequestFactory().get("/healthz"))
    assert (page.status_code, json.loads(page.content)) == (200, {"status": "degraded"})
    entry.enabled = False
    assert json.loads(healthz(RequestFactory().get("/healthz")).content) == {"status": "ok"}


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
