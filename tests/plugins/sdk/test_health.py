"""measured() always returns a timed result."""

import asyncio
import threading

import pytest

from plugins_app.sdk import HealthResult, measured


async def hang():
    await asyncio.Event().wait()


async def fail():
    raise ConnectionError("refused")


def fail_silently():
    raise ValueError


CASES = [
    (lambda: None, True, ""),
    (lambda: True, True, ""),
    (lambda: False, False, "The probe returned False"),
    (lambda: HealthResult(False, "3 terms"), False, "3 terms"),
    (fail, False, "refused"),
    (fail_silently, False, "ValueError"),
]


@pytest.mark.parametrize(("probe", "healthy", "message"), CASES)
async def test_measured_returns_what_the_probe_found(probe, healthy, message):
    result = await measured(probe)
    assert (result.healthy, result.message) == (healthy, message)
    assert result.latency_ms >= 0


async def test_measured_keeps_the_latency_of_the_probe():
    assert (await measured(lambda: HealthResult(True, latency_ms=7.0))).latency_ms == 7.0


async def test_measured_ends_a_hanging_probe_at_its_deadline():
    result = await measured(hang, timeout_s=0.02)
    assert (result.healthy, result.message) == (False, "No answer within 0.02 s")
    assert result.latency_ms >= 20


async def test_measured_does_not_wait_for_a_blocking_probe():
    release = threading.Event()
    result = await measured(lambda: release.wait(10) and None, timeout_s=0.02)
    release.set()
    assert (result.healthy, result.message) == (False, "No answer within 0.02 s")


@pytest.mark.parametrize("timeout_s", [0, -1, float("nan")])
async def test_measured_refuses_a_senseless_deadline(timeout_s):
    with pytest.raises(ValueError, match="greater than 0"):
        await measured(lambda: None, timeout_s=timeout_s)
