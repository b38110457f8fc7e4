"""What the operator's file of a real server lists to have every fault in every phase.

A plugin for each phase and fault, packages whose import is at fault, and the driver: an
interaction plugin whose routes switch faults and bring phases about in the server itself.
"""

import asyncio
import json
import sys
import threading
import time
from pathlib import Path

from plugins_app.host import registry
from plugins_app.host.calling import sync
from plugins_app.sdk import Interaction, Plugin, Route, WebResponse
from tests.plugins.faults.phases import FAULTS, PHASES, Fault, Subject, shorten

DRIVER = "driver"
LONGEST_S = 60.0
IMPORT = """
import sys, threading

def __getattr__(name):
    if name.startswith("hang"):
        threading.Event().wait()
    while name.startswith("loop"):
        pass
    if name.startswith("raise"):
        sys.exit("broken on purpose")
    return object()
"""
NEVER = threading.Event()


# By id, one for each phase and fault.
EVERY = [f"{phase}-{kind}" for phase in PHASES for kind in FAULTS]
# One for each phase, each fault about as often as the others.
FEW = [f"{phase}-{FAULTS[number % len(FAULTS)]}" for number, phase in enumerate(PHASES)]


class Cast:
    """The plugins at fault by id, all well behaved until they are switched."""

    def __init__(self, names):
        self.faults = {name: Fault(name.rpartition("-")[2], NEVER, on=False) for name in names}

    def plugins(self):
        made = [
            Subject(name.rpartition("-")[0], fault, name, refuses=False).factory()()
            for name, fault in self.faults.items()
        ]
        return [*made, self.driver()]

    def driver(self):
        routes = (
            Route("/switch", self.switch, timeout_s=LONGEST_S),
            Route("/run", self.run, timeout_s=LONGEST_S),
        )
        return Plugin(
            id=DRIVER, types=("interaction",), version="1", interaction=Interaction(routes=routes)
        )

    async def switch(self, request):
        asked = json.loads(request.body)
        for name in asked["names"]:
            self.faults[name].on = asked["on"]
        return WebResponse(200, {})

    async def run(self, request):
        names = json.loads(request.body)["names"]
        return WebResponse(200, await asyncio.gather(*(self.brought(name) for name in names)))

    async def brought(self, name):
        """Bring a phase about on the main loop, as people and the host do."""
        began = time.monotonic()
        # One that blocked its thread too often is off, and says so to whoever needs it.
        off = registry.current().get(name).thread.off_reason
        reason = off or await sync.on_main(PHASES[name.rpartition("-")[0]](name))
        took_s = round(time.monotonic() - began, 3)
        reached = self.faults[name].reached
        return {"name": name, "reason": reason, "took_s": took_s, "reached": reached}


def announce(folder):
    """Install packages whose import is at fault, one for each kind."""
    folder = Path(folder)
    if str(folder) in sys.path:
        return
    (folder / "faulty_import.py").write_text(IMPORT)
    info = folder / "faulty_import-1.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty-import\nVersion: 1\n")
    points = "".join(f"{kind} = faulty_import:{kind}\n" for kind in FAULTS)
    (info / "entry_points.txt").write_text(f"[atlas.plugins]\n{points}")
    sys.path.append(str(folder))


def cast(names):
    """Return these plugins and the driver; the deadlines of the host are short from here on."""
    shorten()
    return Cast(names).plugins()
