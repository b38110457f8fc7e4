"""A plugin at fault in any phase, in a real server, while people ask: all are answered rightly.

The deadlines of the host are short here, so that a hang in each phase ends within the test; what
holds them is the same. With ATLAS_TEST_LONG twenty people ask, each fault is on and off in turns
three times, and what they wait longer is printed and bounded.
"""

import os
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from atlas.accounts.models import User
from plugins_app.host.models import PluginState
from tests.plugins.faults.live import DRIVER, EVERY, FEW
from tests.plugins.faults.phases import DEADLINE_S, EXPECTS_NOTHING, FAULTS
from tests.plugins.faults.users import Asking, quantile
from tests.processes.fleet import Fleet, Server
from tests.processes.people import Person

pytestmark = pytest.mark.processes

LONG = bool(os.environ.get("ATLAS_TEST_LONG"))
NAMES = EVERY if LONG else FEW
# What is on together: everything, or in the long test one at a time.
TOGETHER = [[name] for name in NAMES] if LONG else [NAMES]
USERS = 20 if LONG else 3
ROUNDS = 3 if LONG else 1
# A fault that stays is on long enough to be found out and left alone.
ON_S = 6.0 if LONG else 0.0
OFF_S = 3.0 if LONG else 0.0
AGAIN_S = 0.5
# A person thinks about an answer before the next question.
PAUSE_S = 8.0 if LONG else 0.2
# A deadline, the time to find out that a loop is blocked, what a busy machine adds.
WITHIN_S = 10 * DEADLINE_S + 10.0
P95_GROWS_BELOW_S = 0.05
PASSWORD = Argon2PasswordHasher().encode("asker-secret", "s" * 16)
# Twenty people are more than the usual limit lets ask at the same moment.
ADDITION = """
from atlas.datasources.limits import Limits
from tests.plugins.faults import live

limits = Limits(parallel_per_datasource=100)
live.announce({folder!r})
plugins += live.cast({names!r})
"""


class Stage:
    """The server with every plugin at fault, and what people who ask it see."""

    def __init__(self, fleet: Fleet) -> None:
        config = fleet.folder / "config.py"
        folder = fleet.folder / "announced"
        folder.mkdir()
        config.write_text(config.read_text() + ADDITION.format(folder=str(folder), names=NAMES))
        self.server: Server = fleet.start()
        for number in range(USERS):
            name = f"asker{number}"
            User.objects.create(username=name, role="analyst", password=PASSWORD)
        self.people = [
            Person(f"asker{n}", self.server.address, "asker-secret") for n in range(USERS)
        ]
        # They do not ask all at once: each begins at another moment of the pause.
        self.users = [
            Asking(person, n, pause_s=PAUSE_S, first_s=PAUSE_S * n / USERS)
            for n, person in enumerate(self.people)
        ]

    def driver(self, path: str, **asked: object) -> list[dict[str, object]]:
        answer = self.people[0].http.post(f"/plugins/{DRIVER}{path}", json=asked)
        assert answer.status_code == 200, self.server.log.read_text()[-4000:]
        found: list[dict[str, object]] = answer.json()
        return found

    def brought(self, names: list[str]) -> list[dict[str, object]]:
        """Bring phases about with their faults on, all at the same time."""
        self.driver("/switch", names=names, on=True)
        return self.driver("/run", names=names)

    def mended(self, names: list[str]) -> None:
        self.driver("/switch", names=names, on=False)

    def took(self, since: float, until: float) -> list[float]:
        """The seconds of the questions that were asked in this time."""
        return [s for user in self.users for at, s in user.took if since <= at < until]


@pytest.fixture
def stage(fleet: Fleet) -> Iterator[Stage]:
    made = Stage(fleet)
    for user in made.users:
        user.start()
    yield made
    for person in made.people:
        person.close()


def everybody_was_answered_rightly(stage: Stage) -> None:
    answers = [answer for user in stage.users for answer in user.answers]
    assert len(answers) >= USERS
    right: dict[str, str] = {}
    for question, text in answers:
        assert right.setdefault(question, text) == text


def shows_why(said: dict[str, object]) -> None:
    """The deadline held, and whoever brought it about reads why it did not work."""
    phase, _, kind = str(said["name"]).rpartition("-")
    assert float(str(said["took_s"])) < WITHIN_S, said
    if phase not in ("teardown", "hook") and (phase, kind) not in EXPECTS_NOTHING:
        assert said["reason"], said
    assert said["reached"] or kind == "rubbish", said


def imports_that_fail_are_left_out(stage: Stage) -> None:
    """They were at fault while the server started."""
    log = stage.server.log.read_text()
    for kind in FAULTS:
        assert f"An announced plugin is left out. {kind}: " in log
    known = set(PluginState.objects.values_list("plugin_id", flat=True))
    assert known >= {"demo", *NAMES}
    assert not known & set(FAULTS)


def turns(stage: Stage, names: list[str]) -> list[float]:
    """Bring the faults about and mend them in turns; returns when each turn began and ended."""
    edges = [time.monotonic()]
    for _round in range(ROUNDS):
        for said in stage.brought(names):
            shows_why(said)
        while time.monotonic() < edges[-1] + ON_S:
            time.sleep(AGAIN_S)
            stage.driver("/run", names=names)
        edges.append(time.monotonic())
        stage.mended(names)
        time.sleep(OFF_S)
        edges.append(time.monotonic())
    return edges


def test_people_are_answered_while_plugins_fail_in_every_phase(stage: Stage) -> None:
    imports_that_fail_are_left_out(stage)
    edges = {names[0]: turns(stage, names) for names in TOGETHER}
    for user in stage.users:
        user.stop(timeout_s=60.0)
    growth = told({name: waited(stage, found) for name, found in edges.items()})
    everybody_was_answered_rightly(stage)
    assert growth < P95_GROWS_BELOW_S or not LONG
    assert stage.server.stop() == 0


def waited(stage: Stage, edges: list[float]) -> dict[str, list[float]]:
    """The seconds of the questions that were asked while a fault was on, and while it was off."""
    found: dict[str, list[float]] = {"off": [], "on": []}
    for number, (since, until) in enumerate(pairwise(edges)):
        found["off" if number % 2 else "on"] += stage.took(since, until)
    return found


def told(table: dict[str, dict[str, list[float]]]) -> float:
    """Print what people waited with each fault and with all; return by what their p95 grew."""
    every = {key: [s for row in table.values() for s in row[key]] for key in ("off", "on")}
    for name, seconds in [*table.items(), ("all", every)]:
        sys.stdout.write(f"{name:20} {_both(seconds)}\n")
    return quantile(every["on"], 0.95) - quantile(every["off"], 0.95)


def _both(seconds: dict[str, list[float]]) -> str:
    return ", ".join(
        f"{key}: half {quantile(found, 0.5) * 1000:.0f}, p95 {quantile(found, 0.95) * 1000:.0f} ms"
        f" of {len(found)}"
        for key, found in seconds.items()
    )
