"""Promises of the server processes: signals, order of the stop, and how failures end."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from atlas.serving.server import bind
from tests.measuring import measured
from tests.runtime.conftest import ROOT

pytestmark = pytest.mark.processes

# A machine that does much else takes long to import what a server needs.
PATIENCE_S = 60
Launch = Callable[..., subprocess.Popen[str]]
STAND_IN = Path(__file__).with_name("stand_in.py")


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Start the stand-in as a process that ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(
        role: str, *, port: int = 0, start_s: float = 0, stop_s: float = 0, end: str = "well"
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(STAND_IN), role, *map(str, (port, start_s, stop_s, end))],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": "", **measured()},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def until(process: subprocess.Popen[str], word: str) -> str:
    """Read lines until one begins with the word and return the rest of that line."""
    for line in process.stdout:
        if line.startswith(word):
            return line.removeprefix(word).strip()
    raise AssertionError(f"ended without saying {word}")


def test_serves_and_stops_in_order(launch: Launch) -> None:
    process = launch("serve", stop_s=0.2)
    address = until(process, "ready")
    assert httpx.get(address, trust_env=False, timeout=PATIENCE_S).content == b"hello"

    with connect(address.replace("http", "ws"), open_timeout=PATIENCE_S) as browser:
        process.send_signal(signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            browser.recv(timeout=PATIENCE_S)

    assert closed.value.rcvd.code == 1012
    assert process.wait(timeout=PATIENCE_S) == 0
    # Answers end and are written while browsers still listen.
    assert process.stdout.read().split("\n")[:3] == ["stopping 5.0", "stopped", "closed 1012"]


@pytest.mark.parametrize("code", [1000, 1001, 1013, 4401])
def test_an_application_may_close_a_socket_with_any_code(launch: Launch, code: int) -> None:
    address = until(launch("web"), "ready")

    with connect(address.replace("http", "ws"), open_timeout=PATIENCE_S) as browser:
        browser.send(str(code))
        with pytest.raises(ConnectionClosed) as closed:
            browser.recv(timeout=PATIENCE_S)

    assert closed.value.rcvd.code == code


@pytest.mark.parametrize(("role", "grace"), [("web", "30.0"), ("worker", "30.0")])
def test_each_role_stops_at_a_signal(launch: Launch, role: str, grace: str) -> None:
    process = launch(role)
    until(process, "ready")

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=PATIENCE_S) == 0
    assert process.stdout.read() == f"stopping {grace}\nstopped\n"


@pytest.mark.parametrize("role", ["serve", "worker"])
def test_a_second_signal_ends_it_at_once(launch: Launch, role: str) -> None:
    process = launch(role, stop_s=60)
    until(process, "ready")
    process.send_signal(signal.SIGTERM)
    until(process, "stopping")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 130


@pytest.mark.parametrize("role", ["serve", "worker"])
def test_a_signal_during_the_start_ends_it(launch: Launch, role: str) -> None:
    process = launch(role, start_s=60)
    until(process, "starting")

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=PATIENCE_S) == 0
    assert "stopping" not in process.stdout.read()


@pytest.mark.parametrize("role", ["serve", "worker"])
def test_a_start_that_fails_says_why(launch: Launch, role: str) -> None:
    process = launch(role, end="fails")

    assert process.wait(timeout=PATIENCE_S) == 1
    assert process.stdout.read().splitlines()[1:] == [
        "The plugin warehouse has no address. Set its url."
    ]


def test_a_taken_port_ends_it_with_a_sentence(launch: Launch) -> None:
    with bind("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        process = launch("serve", port=port)

        assert process.wait(timeout=PATIENCE_S) == 1

    assert process.stdout.read().startswith(f"Port {port} of 127.0.0.1 is taken")
