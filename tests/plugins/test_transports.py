"""An own transport runs in one of two real workers, and in the other when that one is killed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins_app.host.models import PluginLease
from tests.database import ROOT
from tests.processes.fleet import Fleet, Server
from tests.processes.waiting import until

pytestmark = pytest.mark.processes

ADDITION = """
import asyncio
import os
import sys

from plugins_app.host.upkeep import leases
from plugins_app.sdk import Interaction, Plugin

leases.LEASE_S = 4.0


async def beat(ctx):
    while True:
        with open({beats!r}, "a") as file:
            file.write(f"{{os.getpid()}}\\n")
        await asyncio.sleep(0.01)


def echo(ctx):
    for line in sys.stdin:
        print(line.strip().upper(), flush=True)


facets = {{"beat": Interaction(transport=beat), "echo": Interaction(transport=echo, stdio=True)}}
for name, facet in facets.items():
    plugins.append(Plugin(id=name, types=("interaction",), version="1", interaction=facet))
"""


@pytest.fixture
def beats(fleet: Fleet) -> Iterator[Path]:
    """Where the transport writes the number of its process, again and again."""
    config, file = fleet.folder / "config.py", fleet.folder / "beats"
    config.write_text(config.read_text() + ADDITION.format(beats=str(file)))
    file.touch()
    return file


def pids(beats: Path) -> list[int]:
    return [int(line) for line in beats.read_text().splitlines() if line]


def turns(beats: Path) -> list[int]:
    """The processes in the order in which they took it over."""
    found = pids(beats)
    return [pid for number, pid in enumerate(found) if number == 0 or found[number - 1] != pid]


def holder_of(servers: list[Server], pid: int) -> Server:
    return next(server for server in servers if server.pid == pid)


def test_one_of_two_workers_runs_it_and_the_other_takes_over(fleet: Fleet, beats: Path) -> None:
    workers = fleet.start_all(["worker", "worker"])
    until("it runs", lambda: len(pids(beats)) > 20)
    first = turns(beats)
    assert len(first) == 1
    assert PluginLease.objects.get(name="transport beat").owner.split(":")[1] == str(first[0])

    holder_of(workers, first[0]).kill()
    until("taken over", lambda: len(turns(beats)) > 1)
    count = len(pids(beats))
    until("it goes on", lambda: len(pids(beats)) > count + 20)
    (second,) = turns(beats)[1:]
    assert second in {worker.pid for worker in workers} - set(first)

    assert holder_of(workers, second).stop() == 0
    assert not PluginLease.objects.filter(name="transport beat").exists()


def test_one_over_stdio_has_stdin_and_stdout_for_itself(fleet: Fleet, beats: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "plugin", "run", "echo"],
        cwd=ROOT,
        env=fleet.variables,
        input="hello\nthere\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("HELLO\nTHERE\n", 0), done.stderr
    assert pids(beats) == []
