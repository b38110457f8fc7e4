"""Processes under test: starting, ending, and what the system says they used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]  # its stubs are another package

ROOT = Path(__file__).resolve().parents[2]
LOG_TAIL = 2_000


class CouldNotStart(Exception):
    """A server under test ended or said nothing in time; the text holds what it wrote."""


class Server:
    """One process with what it starts; its output goes to a file."""

    def __init__(self, command: list[str], variables: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.started = time.perf_counter()
            self._process = subprocess.Popen(
                [sys.executable, *command],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={"PATH": os.defpath, "PYTHONUNBUFFERED": "1", **variables},
            )

    def first_200(self, address: str, timeout_s: float = 60, pause_s: float = 0.01) -> float:
        """Seconds from the start of the process to the first answer 200 of `address`."""
        with httpx.Client(trust_env=False, timeout=timeout_s) as client:
            while (waited := time.perf_counter() - self.started) < timeout_s:
                if self._process.poll() is not None:
                    break
                try:
                    if client.get(address).status_code == 200:
                        return time.perf_counter() - self.started
                except httpx.TransportError:
                    pass
                time.sleep(pause_s)
        raise CouldNotStart(f"no 200 within {waited:.0f} s. {self.said()[-LOG_TAIL:]}")

    def until_says(self, word: str, timeout_s: float = 30) -> None:
        """Wait until it has written `word`."""
        while word not in self.said():
            if self._process.poll() is not None or time.perf_counter() - self.started > timeout_s:
                raise CouldNotStart(f"it did not say {word}. {self.said()[-LOG_TAIL:]}")
            time.sleep(0.01)

    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")

    def cpu_seconds(self) -> float:
        """User and system time of the process and all it started, which includes no Postgres."""
        times = [process.cpu_times() for process in self._tree()]
        return float(sum(found.user + found.system for found in times))

    def pss_kib(self) -> float:
        """Memory with shared pages counted once over the tree."""
        return float(sum(process.memory_full_info().pss for process in self._tree()) / 1024)

    def end(self, timeout_s: float = 30) -> None:
        """Ask it to end, and kill it when it does not."""
        self._process.terminate()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tree(self) -> list[psutil.Process]:
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
