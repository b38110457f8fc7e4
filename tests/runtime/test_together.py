"""Promises about whole demos that are started at the same moment, as two impatient people would."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atlas.serving.server import bind
from tests.measuring import measured
from tests.runtime.conftest import ROOT, cluster_in, remove

pytestmark = pytest.mark.processes

Demo = Callable[..., subprocess.Popen[str]]
SETTINGS = "atlas.settings"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Start `manage.py demo` with a data folder of the test's own."""
    data_dir = tmp_path / "data"
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--scale", "0.01", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={
                "ATLAS_DATA_DIR": str(data_dir),
                "DJANGO_SETTINGS_MODULE": SETTINGS,
                "PATH": "",
                **measured(),
            },
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    remove(cluster_in(data_dir))


def test_demos_that_start_together_share_one_database(demo: Demo, tmp_path: Path) -> None:
    processes = [demo("--no-serve"), demo("--no-serve")]
    outputs = [process.communicate(timeout=300)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0], outputs
    together = "".join(outputs)
    assert len(re.findall(r"^  (?:vic|ann|bob|ada|abe)  ", together, re.MULTILINE)) == 5
    assert together.count("Demo data made") == 1
    assert not cluster_in(tmp_path / "data").is_running()


def test_a_demo_on_a_taken_port_says_so(demo: Demo) -> None:
    with bind("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        process = demo("--port", str(port))
        output = process.communicate(timeout=300)[0]

    assert process.returncode == 1
    assert output.startswith(f"Error: Port {port} of 127.0.0.1 is taken by another program.")
