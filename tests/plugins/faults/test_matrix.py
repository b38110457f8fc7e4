"""A fault in any phase of one plugin stays with it: others work, deadlines hold, it says why.

In one process with the real threads of plugins and few rounds; `test_live` does the same in a real
server while people ask. That a process survives is seen by its going on. C code that holds the
interpreter's lock and `os._exit` are not covered: nothing inside a process survives those.
"""

import asyncio
import os
import time

import pytest

from plugins_app.host import lifecycle, registry
from plugins_app.host.contexts import fragments
from plugins_app.host.facets import hooks
from plugins_app.sdk import BeforeQuery, Plugin
from tests.plugins.faults.phases import (
    DEADLINE_S,
    ENDLESS,
    EXPECTS_NOTHING,
    FAULTS,
    ID,
    PHASES,
    Fault,
    Provider,
    Subject,
    announced,
    shorten,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

# Deadlines, the time to find out that a loop is blocked, closing, and a busy machine; what waited
# for a fault to end by itself would take longer.
WITHIN_S = 6 * DEADLINE_S + 20.0
ROUNDS = 2 if os.environ.get("ATLAS_TEST_LONG") else 1
ANSWERS = 5
NEIGHBOUR_WITHIN_S = 10.0


async def fine():
    return "fine"


class Neighbour:
    """Another plugin, which is asked all the time by somebody else."""

    def __init__(self):
        self.answers = 0
        self.slowest = 0.0
        self.several = asyncio.Event()

    def plugin(self):
        return Plugin(
            id="neighbour",
            types=("context",),
            version="1",
            context_provider=Provider(fine, None),
        )

    async def asked(self):
        """Ask it again and again until cancelled."""
        entry = registry.current().get("neighbour")
        while True:
            began = time.monotonic()
            assert (await fragments._load(entry)).text == "fine"
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.answers += 1
            if self.answers >= ANSWERS:
                self.several.set()
            await asyncio.sleep(0.005)


@pytest.fixture
def fault(release, request):
    return Fault(request.param, release)


@pytest.fixture
async def neighbour(start, fault, request, monkeypatch):
    made = Neighbour()
    made.subject = Subject(request.getfixturevalue("phase"), fault)
    fault.on = False
    await start(made.subject.factory()(), made.plugin())
    shorten(monkeypatch.setattr, fault.deadline_s)
    return made


def combinations():
    return [
        pytest.param(phase, fault, id=f"{phase}-{fault}") for phase in PHASES for fault in FAULTS
    ]


@pytest.mark.parametrize(("phase", "fault"), combinations(), indirect=["fault"])
async def test_a_fault_stays_with_its_plugin(neighbour, phase, fault, release):
    asking = asyncio.create_task(neighbour.asked())
    for number in range(ROUNDS):
        fault.on = True
        began = time.monotonic()
        reason = await PHASES[phase](ID)
        assert time.monotonic() - began < WITHIN_S
        assert fault.reached or fault.kind == "rubbish"
        shows_why(phase, fault, reason)
        fault.on = False
        if phase in ("config", "teardown"):
            break
        if number == 0 and phase == "initialize":
            await PHASES[phase](ID)
    await asyncio.wait_for(neighbour.several.wait(), WITHIN_S)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert neighbour.slowest < NEIGHBOUR_WITHIN_S
    assert registry.current().get("neighbour").usable
    began = time.monotonic()
    fault.on = phase == "teardown"
    await lifecycle.stop()
    assert time.monotonic() - began < WITHIN_S


def shows_why(phase, fault, reason):
    if phase == "teardown" or (phase, fault.kind) in EXPECTS_NOTHING:
        return
    assert reason
    if fault.kind == "raise" and phase not in ("route", "validate"):
        assert "broken on purpose" in reason
    if phase == "route":
        assert reason == ("status 504" if fault.kind in ENDLESS else "status 502")


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_at_import_leaves_the_package_out(monkeypatch, release, tmp_path, kind):
    fault = Fault(kind, release)
    shorten(monkeypatch.setattr, fault.deadline_s)
    config = tmp_path / "atlas_config.py"
    config.write_text("plugins = []\n")
    load = announced(monkeypatch, fault)
    began = time.monotonic()
    loaded = load(str(config))
    assert time.monotonic() - began < WITHIN_S
    assert loaded.plugins == ()
    assert loaded.problems == (
        {
            "hang": f"{ID}: it was not imported within 0.3 s",
            "loop": f"{ID}: it was not imported within 0.3 s",
            "raise": f"{ID}: broken on purpose",
            "rubbish": f"{ID}: it announces neither a plugin nor a plugin factory",
        }[kind],
    )


@pytest.mark.parametrize(("phase", "fault"), [("hook", "hang")], indirect=["fault"])
async def test_a_plugin_that_recovers_is_used_again(neighbour, phase, fault):
    fault.on = True
    assert "did not answer within" in await PHASES[phase](ID)
    fault.on = False
    assert await hooks.before_query(BeforeQuery("SELECT 1")) == "SELECT 1"
