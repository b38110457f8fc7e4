"""A type checker names the parts of a plugin that is not imported at run time."""

import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from plugins_app.sdk import Plugin, infer

ROOT = Path(__file__).resolve().parents[3]
CLIENT = Path(__file__).with_name("typed") / "client.py"
EXPECTED = re.findall(r"reveal_type\((.+)\)  # (.+)$", CLIENT.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def revealed(tmp_path_factory):
    """Return what mypy says about each expression of the client."""
    # A file that mypy has seen before is not told about again, so each run has a text of its own.
    copy = tmp_path_factory.mktemp("typed") / "typed_client.py"
    copy.write_text(f"{CLIENT.read_text()}\n# {uuid.uuid4()}\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-pretty", str(copy)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    said = re.findall(r'client\.py:\d+: note: Revealed type is "(.+)"', checked.stdout)
    names = [expression for expression, _ in EXPECTED]
    return dict(zip(names, said, strict=True))


@pytest.mark.parametrize(("expression", "expected"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_a_part_of_a_plugin_can_be_named(revealed, expression, expected):
    plain = re.sub(r"\b[a-z_]+(\.[a-z_]+)*\.(?=[A-Za-z])", "", revealed[expression])
    assert plain == expected


def test_naming_types_imports_no_plugin():
    program = (
        "import sys; import tests.plugins.sdk.typed.client;"
        "print('tests.plugins.sdk.typed.warehouse' in sys.modules)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "False"


def test_inference_is_for_type_checkers_only():
    with pytest.raises(TypeError, match="type checkers"):
        infer(Plugin(id="p", types=("context",), version="1"))
