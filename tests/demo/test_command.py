"""The demo command as a person runs it, in a process of its own."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.demo.load import loaded
from tests.database import ProcessDatabase

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.processes
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage(process_database: ProcessDatabase, own_place: str, tmp_path: Path) -> Manage:
    """Runs manage.py against databases of the test's own."""
    variables = {
        **os.environ,
        **process_database.variables,
        "ATLAS_DEMO_URL": own_place,
        "ATLAS_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "atlas.settings",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


def passwords(text: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+)  (\w+)  \(\w+\)$", text, re.MULTILINE))


def test_the_first_run_makes_everything_and_the_second_keeps_it(
    manage: Manage, own_place: str
) -> None:
    first = manage("demo", "--no-serve", "--scale", "0.01", "--as-of", "2026-05-07")
    there = loaded(own_place)
    second = manage("demo", "--no-serve")

    assert (first.returncode, first.stderr) == (0, "")
    assert list(passwords(first.stdout)) == ["vic", "ann", "bob", "ada", "abe"]
    assert "Demo data made: as of 2026-05-07, seed 1996, scale 0.01." in first.stdout
    assert "Demo data is there: as of 2026-05-07, seed 1996, scale 0.01." in second.stdout
    assert passwords(second.stdout) == {}
    assert loaded(own_place) == there


def test_reset_prints_new_passwords(manage: Manage) -> None:
    first = passwords(manage("demo", "--no-serve", "--scale", "0.01").stdout)

    second = passwords(manage("demo", "--no-serve", "--reset").stdout)

    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_a_taken_port_is_told_before_anything_is_made(
    manage: Manage, own_place: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = manage("demo", "--port", port)

    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: Port {port} of 127.0.0.1 is taken")
    assert loaded(own_place) is None
    assert not (tmp_path / "data" / "demo.json").exists()


@pytest.mark.parametrize(
    ("option", "value"), [("--scale", "0"), ("--scale", "many"), ("--as-of", "yesterday")]
)
def test_arguments_that_make_no_sense_are_refused(manage: Manage, option: str, value: str) -> None:
    result = manage("demo", "--no-serve", option, value)

    assert result.returncode == 2
    assert f"argument {option}:" in result.stderr
