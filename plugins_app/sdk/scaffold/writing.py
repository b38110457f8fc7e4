"""Fills the templates in and writes them, all files or none."""

import shutil
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template

from plugins_app.sdk.scaffold.naming import Names, ScaffoldError, names_of

__all__ = ["ScaffoldError", "write_local", "write_standalone"]

STANDALONE_USE = """```console
pip install $distribution
```

Atlas finds it by its entry point. To give it options, list it in the file that `ATLAS_CONFIG`
names:

```python
from $module import $package

plugins.append($package(...))
```"""
LOCAL_USE = """List it in the file that `ATLAS_CONFIG` names:

```python
from $module import $package

plugins.append($package(...))
```"""


def write_standalone(parent: Path, name: str, plugin_type: str) -> Path:
    """Write a package that can be tested, built and published by itself; return its folder.

    Raises `ScaffoldError` when the name cannot be used or the folder exists.
    """
    names = names_of(name, plugin_type)
    package = names.package
    files = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "LICENSE": "LICENSE",
        ".gitignore": "gitignore",
        f"src/{package}/__init__.py": f"{plugin_type}.py",
        f"tests/test_{package}.py": f"{plugin_type}_test.py",
    }
    words = _words(names, package, STANDALONE_USE, "pip install --group dev .\npytest")
    texts = {path: _filled(template, words) for path, template in files.items()}
    return _write(parent / name, {**texts, f"src/{package}/py.typed": ""})


def write_local(parent: Path, name: str, plugin_type: str) -> Path:
    """Write a plugin as a package of a project's folder of plugins; return its folder.

    Raises `ScaffoldError` when the name cannot be used or the folder exists.
    """
    names = names_of(name, plugin_type)
    package = names.package
    files = {
        "README.md": "README.md",
        "__init__.py": f"{plugin_type}.py",
        f"tests/test_{package}.py": f"{plugin_type}_test.py",
    }
    folder = parent / package
    command = f".venv/bin/pytest plugins_app/local/{package}"
    words = _words(names, f"plugins_app.local.{package}", LOCAL_USE, command)
    return _write(folder, {path: _filled(template, words) for path, template in files.items()})


def _words(names: Names, module: str, use: str, command: str) -> dict[str, str]:
    words = {
        "id": names.id,
        "package": names.package,
        "title": names.title,
        "type": names.type,
        "distribution": names.distribution,
        "module": module,
        "test_command": command,
    }
    return {**words, "use": Template(use).substitute(words)}


def _filled(template: str, words: Mapping[str, str]) -> str:
    folder = resources.files("plugins_app.sdk.scaffold") / "templates"
    text = (folder / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _write(folder: Path, files: Mapping[str, str]) -> Path:
    if folder.exists():
        raise ScaffoldError(f"{folder} exists already. Choose another name or remove it.")
    try:
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ScaffoldError(f"{folder} could not be written: {error.strerror}.") from error
    return folder
