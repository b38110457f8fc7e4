"""Errors are named for what happened; `…Error` ends only the names of whole families."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("atlas", "approvals", "plugins_app")
# Each is the error of a place, raised for whatever goes wrong there. Those of the SDK are public.
FAMILIES = {
    "AtlasError",
    "BrokenDriverError",
    "CheckpointError",
    "ClaimError",
    "CompileError",
    "ExpressionError",
    "FatalConfigurationError",
    "LayerError",
    "LocalPostgresError",
    "MissingDriverError",
    "PluginConfigError",
    "PluginError",
    "PluginShapeError",
    "PolicyError",
    "RefusalError",
    "RowPoliciesChangedError",
    "ScaffoldError",
}


def errors() -> Iterator[str]:
    """The names of all classes that end in Error or are derived from one of a family."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and _is_raised(node):
                yield node.name


def _is_raised(node: ast.ClassDef) -> bool:
    return any(getattr(base, "id", "").endswith(("Error", "Exception")) for base in node.bases)


def test_only_families_of_errors_are_called_error() -> None:
    assert {name for name in errors() if name.endswith("Error")} == FAMILIES


def test_most_errors_are_named_for_what_happened() -> None:
    assert {"NotFound", "PluginTimeout", "TooManyRunning", "Unclear"} <= set(errors())
