"""An environment with the SDK's wheel, pytest and one plugin, and nothing else of Atlas."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("pytest", "pydantic", "typing-extensions")


def build_wheel(project, to):
    """Build a wheel with the backend that is installed here, so that no network is needed."""
    program = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", program, str(to)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return to / built.stdout.split()[-1]


def environment(folder, *wheels):
    """Make a fresh environment with pytest, pydantic, what they need, and the wheels."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (site,) = folder.glob("lib/python*/site-packages")
    for name in _closure(NEEDED):
        _copy(name, site)
    for wheel in wheels:
        zipfile.ZipFile(wheel).extractall(site)
    return folder / "bin" / "python"


def _closure(names):
    found, waiting = set(), list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found.add(name)
        for requirement in importlib.metadata.requires(name) or ():
            wanted, _, marker = requirement.partition(";")
            if not marker.strip():
                waiting.append(re.match(r"[A-Za-z0-9._-]+", wanted)[0])
    return sorted(found)


def _copy(name, site):
    for path in importlib.metadata.files(name) or ():
        if ".." in path.parts or path.suffix == ".pyc":
            continue
        target = site / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path.locate(), target)
