"""Promises of whole demos: two on one data folder, killed, stopped, and started again."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from atlas.serving.server import bind
from tests.processes.fleet import READY, Server, Zygote
from tests.processes.waiting import until
from tests.runtime.conftest import cluster_in, remove

pytestmark = [pytest.mark.processes]

PERSON = re.compile(r"^  (?:vic|ann|bob|ada|abe)  ", re.MULTILINE)
# Two that make a cluster and demo data at once, on a machine that does much else.
MAKING_S = 300
Start = Callable[..., Server]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start(zygote: Zygote, data_dir: Path, tmp_path: Path) -> Iterator[Start]:
    """Start `manage.py demo` on the data folder, without waiting for it."""
    started: list[Server] = []

    def begin(port: int = 0) -> Server:
        log = tmp_path / f"{len(started)}.log"
        pid = zygote.fork(
            arguments=["demo", "--scale", "0.01", "--port", str(port)],
            variables={
                "ATLAS_DATA_DIR": str(data_dir),
                "DJANGO_SETTINGS_MODULE": "atlas.settings",
                "PATH": "",
            },
            log=str(log),
            imports=[],
        )
        started.append(Server(pid, log, zygote))
        return started[-1]

    yield begin
    for server in started:
        server.kill()
    remove(cluster_in(data_dir))


def ready(server: Server) -> str:
    """The address of a demo, once it is ready."""
    said = server.log
    found = until("ready", lambda: said.exists() and READY.search(said.read_text()), MAKING_S)
    return str(found[1])


def test_demos_share_a_folder_and_come_back_after_a_kill(start: Start, data_dir: Path) -> None:
    demos = [start(), start()]
    addresses = [ready(demo) for demo in demos]
    made = "".join(demo.log.read_text() for demo in demos)
    assert [httpx.get(f"{one}/readyz", timeout=60).status_code for one in addresses] == [200, 200]
    assert made.count("Demo data made") == 1
    assert len(PERSON.findall(made)) == 5

    # A port that is taken is said at once, and the others go on.
    port = int(addresses[1].rpartition(":")[2])
    third = start(port)
    assert third.zygote.end_of(third.pid) == 1
    third.code = 1
    assert third.log.read_text().startswith(f"Error: Port {port} of 127.0.0.1 is taken")

    demos[0].kill()
    assert httpx.get(f"{addresses[1]}/readyz", timeout=60).status_code == 200
    demos[1].kill()
    assert cluster_in(data_dir).is_running()

    again = start()
    address = ready(again)
    assert httpx.get(f"{address}/readyz", timeout=60).status_code == 200
    assert "Demo data is there" in again.log.read_text()
    assert PERSON.findall(again.log.read_text()) == []
    assert again.stop() == 0
    assert not cluster_in(data_dir).is_running()


@pytest.mark.parametrize("by_hand", [True, False], ids=["Ctrl-C", "SIGTERM"])
def test_a_demo_that_is_stopped_while_it_starts_leaves_nothing_behind(
    start: Start, data_dir: Path, by_hand: bool
) -> None:
    demo = start()
    place = data_dir / "postgres"
    until("Postgres", lambda: place.exists() and cluster_in(data_dir).is_running())

    os.kill(demo.pid, signal.SIGINT if by_hand else signal.SIGTERM)
    demo.code = demo.zygote.end_of(demo.pid)

    assert demo.code in ((130, 0) if by_hand else (143, 0))
    assert "Traceback" not in demo.log.read_text()
    assert not cluster_in(data_dir).is_running()


def test_a_taken_port_leaves_no_database_behind(start: Start, data_dir: Path) -> None:
    with bind("127.0.0.1", 0) as other:
        demo = start(other.getsockname()[1])
        assert demo.zygote.end_of(demo.pid) == 1
        demo.code = 1

    assert "is taken by another program" in demo.log.read_text()
    assert not cluster_in(data_dir).is_running()
