"""Generated plugins of every type pass the tests that were generated with them."""

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from plugins_app.sdk import PLUGIN_TYPES
from plugins_app.sdk.scaffold import ScaffoldError, write_local, write_standalone
from plugins_app.sdk.scaffold.__main__ import main
from tests.plugins.scaffold.alone import ROOT, build_wheel, environment

STANDALONE = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".gitignore",
    "src/my_thing/__init__.py",
    "src/my_thing/py.typed",
    "tests/test_my_thing.py",
}
LOCAL = {"README.md", "__init__.py", "tests/test_my_thing.py"}


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sdk_wheel(tmp_path_factory):
    return build_wheel(ROOT / "plugins_app" / "sdk", tmp_path_factory.mktemp("sdk"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory, sdk_wheel):
    """The interpreter of an environment with the SDK and pytest."""
    return environment(tmp_path_factory.mktemp("alone") / "env", sdk_wheel)


@pytest.mark.parametrize("plugin_type", PLUGIN_TYPES)
def test_a_stand_alone_plugin_passes_its_own_tests_with_the_sdk_alone(tmp_path, alone, plugin_type):
    folder = write_standalone(tmp_path, "my-thing", plugin_type)
    assert files_of(folder) == STANDALONE
    tested = run(str(alone), "-m", "pytest", "-q", cwd=folder)
    assert tested.returncode == 0, tested.stdout
    assert " passed" in tested.stdout
    assert "skipped" not in tested.stdout


def test_the_environment_holds_nothing_of_atlas(alone, tmp_path):
    program = "import plugins_app.sdk, atlas"
    tried = run(str(alone), "-c", program, cwd=tmp_path)
    assert "No module named 'atlas'" in tried.stderr
    assert "No module named 'django'" in run(str(alone), "-c", "import django", cwd=tmp_path).stderr


def test_a_stand_alone_plugin_is_a_package_that_announces_itself(tmp_path, sdk_wheel):
    folder = write_standalone(tmp_path, "my-thing", "context")
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["atlas-plugin-sdk>=0.1"]
    assert project["optional-dependencies"] == {"driver": []}
    wheel = build_wheel(folder, tmp_path)
    python = environment(tmp_path / "env", sdk_wheel, wheel)
    program = (
        "import importlib.metadata as m; (p,) = m.entry_points(group='atlas.plugins');"
        "print(p.load()(terms={'a': 'b'}).id)"
    )
    assert run(str(python), "-c", program, cwd=tmp_path).stdout == "my-thing\n"


@pytest.mark.parametrize("plugin_type", PLUGIN_TYPES)
def test_a_plugin_of_the_project_passes_its_own_tests(tmp_path, plugin_type):
    local = tmp_path / "plugins_app" / "local"
    local.mkdir(parents=True)
    folder = write_local(local, "my-thing", plugin_type)
    assert files_of(folder) == LOCAL
    # The folder of the project is read-only here, so the package is put beside it.
    program = (
        "import sys, plugins_app.local, pytest;"
        f"plugins_app.local.__path__.append({str(local)!r});"
        f"sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-c', {str(tmp_path / 'x.ini')!r},"
        f" {str(folder)!r}]))"
    )
    (tmp_path / "x.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:django\n")
    tested = run(sys.executable, "-c", program, cwd=ROOT)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert " passed" in tested.stdout


@pytest.mark.parametrize("plugin_type", PLUGIN_TYPES)
def test_both_kinds_have_source_tests_and_readme(tmp_path, plugin_type):
    alone = write_standalone(tmp_path / "a", "my-thing", plugin_type)
    local = write_local(tmp_path / "b", "my-thing", plugin_type)
    source = (alone / "src" / "my_thing" / "__init__.py").read_text()
    assert source == (local / "__init__.py").read_text()
    for folder in (alone, local):
        assert plugin_type in (folder / "README.md").read_text()
        assert "$" not in (folder / "README.md").read_text().replace("${", "")


@pytest.mark.parametrize("plugin_type", PLUGIN_TYPES)
def test_generated_code_is_clean(tmp_path, plugin_type):
    folder = write_standalone(tmp_path, "my-thing", plugin_type)
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(ROOT / "pyproject.toml")]
    # What counts as a package of one's own depends on the folder, and imports are sorted by it.
    checked = run(*ruff, "check", "--ignore", "I001", *config, str(folder / "src"), cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    formatted = run(*ruff, "format", "--check", *config, str(folder), cwd=tmp_path)
    assert formatted.returncode == 0, formatted.stderr + formatted.stdout


def test_the_command_writes_into_a_folder_of_that_name(tmp_path, capsys):
    assert main(["my-thing", "--type", "action", "--to", str(tmp_path)]) == 0
    assert files_of(tmp_path / "my-thing") == STANDALONE
    assert "is ready" in capsys.readouterr().out
    assert main(["my-thing", "--type", "action", "--to", str(tmp_path)]) == 1
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["", "7up", "a b", "../x", "json", "class", "plugins_app", "a" * 49]
)
def test_a_name_that_cannot_be_used_writes_nothing(tmp_path, name):
    with pytest.raises(ScaffoldError):
        write_standalone(tmp_path, name, "context")
    assert list(tmp_path.iterdir()) == []


def test_a_type_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(ScaffoldError, match="The types are: datasource, context"):
        write_standalone(tmp_path, "x", "widget")


def test_nothing_is_left_when_writing_fails(tmp_path, monkeypatch):
    def fail(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(ScaffoldError, match="No space left on device"):
        write_standalone(tmp_path, "my-thing", "context")
    assert list(tmp_path.iterdir()) == []


def test_the_sdk_that_runs_here_is_the_one_that_is_built(sdk_wheel):
    assert sdk_wheel.name.startswith("atlas_plugin_sdk-0.1.0-")
    assert importlib.metadata.version("pydantic")
