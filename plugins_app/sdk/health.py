"""The health check result and a helper that measures a probe and never raises."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class HealthResult:
    """What a health check found; `latency_ms` is given on success and on failure."""

    healthy: bool
    message: str = ""
    latency_ms: float | None = None


Probe = Callable[[], object | Awaitable[object]]


async def measured(probe: Probe, *, timeout_s: float = 5.0) -> HealthResult:
    """Run a minimal probe and return a timed result; never raises an `Exception`.

    The probe may return nothing (healthy), a bool, or a `HealthResult` whose latency is filled
    in. A synchronous probe runs in a thread, so that the deadline holds for it too.
    """
    if not timeout_s > 0:
        raise ValueError("timeout_s must be greater than 0")
    started = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_s):
            outcome = await _run(probe)
    except TimeoutError:
        return HealthResult(False, f"No answer within {timeout_s:g} s", _elapsed_ms(started))
    except Exception as error:  # noqa: BLE001 - any failure of a probe is a result
        return HealthResult(False, str(error) or type(error).__name__, _elapsed_ms(started))
    return _result(outcome, _elapsed_ms(started))


async def _run(probe: Probe) -> object:
    if inspect.iscoroutinefunction(probe):
        return await probe()
    outcome = await asyncio.to_thread(probe)
    return await outcome if inspect.isawaitable(outcome) else outcome


def _result(outcome: object, latency_ms: float) -> HealthResult:
    if isinstance(outcome, HealthResult):
        return HealthResult(outcome.healthy, outcome.message, outcome.latency_ms or latency_ms)
    healthy = outcome is not False
    return HealthResult(healthy, "" if healthy else "The probe returned False", latency_ms)


def _elapsed_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
