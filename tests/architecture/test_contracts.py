"""Each import contract is seen to fail: one forbidden import is planted in a copy at a time."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in SETTINGS["contracts"]]
LAYERS = next(c["layers"] for c in SETTINGS["contracts"] if c["type"] == "layers")
# What is loaded by name only and composes everything.
OUTSIDE = {"atlas.apps", "atlas.settings"}
PLANTED = {
    "Layers point downwards": [
        ("atlas/sql/types.py", "import atlas.semantic.layer"),
        ("atlas/semantic/layer.py", "import atlas.analyst.words"),
        ("atlas/audit/record.py", "import atlas.accounts.models"),
        ("approvals/services.py", "import atlas.agent.loop"),
        ("atlas/agent/loop.py", "import atlas.runner.runner"),
        ("atlas/runner/runner.py", "import atlas.chat.protocol"),
        ("atlas/chat/protocol.py", "import atlas.boot"),
        ("atlas/chat/protocol.py", "import atlas.demo.place"),
        ("atlas/boot.py", "import atlas.serving.server"),
        ("atlas/runtime/errors.py", "import plugins_app.host.registry"),
        ("atlas/admin_panels.py", "import atlas.management.plugins"),
        ("plugins_app/local/__init__.py", "import plugins_app.builtin.postgres"),
    ],
    "The SDK is plain Python and pydantic": [("plugins_app/sdk/errors.py", "import psycopg")],
    "Plugins see only the SDK": [
        ("plugins_app/builtin/postgres.py", "import django"),
        ("plugins_app/reference/email/smtp.py", "import plugins_app.host.registry"),
        ("plugins_app/local/__init__.py", "import atlas.common.errors"),
    ],
    "SQL, semantics and the analyst need no framework and no driver": [
        ("atlas/sql/types.py", "import django"),
        ("atlas/semantic/layer.py", "import psycopg"),
        ("atlas/analyst/words.py", "import channels"),
    ],
    "Only the query path and its commands reach connections": [
        ("atlas/chat/protocol.py", "import plugins_app.host.facets.connections"),
    ],
    "Views and consumers are reached only through URLs and routing": [
        ("atlas/boot.py", "import approvals.pages.views"),
        ("atlas/runner/runner.py", "import atlas.chat.consumers"),
    ],
}
CASES = [(name, *planted) for name, cases in PLANTED.items() for planted in cases]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and the settings, and the linter's cache of what did not change."""
    folder = tmp_path_factory.mktemp("contracts")
    for name in SETTINGS["root_packages"]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_seen_to_fail_below() -> None:
    assert sorted(PLANTED) == sorted(CONTRACTS)


@pytest.mark.parametrize(("contract", "file", "line"), CASES)
def test_a_forbidden_import_breaks_its_contract(
    copy: Path, contract: str, file: str, line: str
) -> None:
    text = (copy / file).read_text()
    (copy / file).write_text(f"{text}\n{line}\n")

    report = _lint(copy)

    (copy / file).write_text(text)
    assert f"{contract} BROKEN" in report, report


def test_every_package_has_its_layer() -> None:
    listed = {module.strip() for layer in LAYERS for module in layer.replace(":", "|").split("|")}
    modules = {
        f"{parent}.{path.stem}"
        for parent in ("atlas", "plugins_app")
        for path in (ROOT / parent).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    homeless = {m for m in modules | {"approvals"} if not m.endswith(".__init__")} - listed

    assert homeless == OUTSIDE
    assert listed - modules == {"approvals"}


def _lint(folder: Path) -> str:
    done = subprocess.run(
        [LINTER],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr
