"""Clusters of a test's own, and programs that run in other processes."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas.runtime.local_postgres import LocalPostgres
from atlas.runtime.secrets import load_secrets

ROOT = Path(__file__).resolve().parents[2]
FAST = {"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"}


def cluster_in(data_dir: Path, keys: Path | None = None) -> LocalPostgres:
    """The cluster of a data folder, quick rather than durable."""
    return LocalPostgres(data_dir, load_secrets(keys or data_dir), settings=FAST)


def remove(local: LocalPostgres) -> None:
    """Stop it and delete its files, also those outside the data folder."""
    local.stop()
    for folder in (local.places.folder, local.places.sockets):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalPostgres]:
    """A cluster of the test's own, not started."""
    made = cluster_in(tmp_path / "data")
    yield made
    remove(made)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that every account of the machine may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def spawn() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python programs in processes of their own, which end with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            stream.close()
