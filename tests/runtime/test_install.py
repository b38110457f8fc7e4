"""Promises of `make`'s installer before anything is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtime.conftest import ROOT

PYTHON = Path("/usr/bin/python3")
NOBODY = 65534


@pytest.mark.skipif(not PYTHON.exists(), reason="There is no Python that every user may run.")
def test_a_folder_that_cannot_be_written_is_named(shared_folder: Path) -> None:
    clone = shared_folder / "clone"
    (clone / ".ci").mkdir(parents=True)
    for name in (".ci/install.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, clone / name)
    clone.chmod(0o555)
    as_nobody = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}

    done = subprocess.run(
        [PYTHON, clone / ".ci" / "install.py", "demo"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **as_nobody,
    )

    clone.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr == (
        f"{clone} cannot be written by this user. Clone Atlas into a folder of your own.\n"
    )
