"""Reads YAML files of one folder, and nothing that lies outside of it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from plugins_app.sdk import PluginError

MAX_FILE_BYTES = 256_000
MAX_FILES = 500
MAX_BYTES = 2_000_000
DEEPEST = 40
SUFFIXES = (".yml", ".yaml")
# The parser in C where PyYAML was built with it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Folder:
    """One reading of a folder: what it holds, and what was passed over, with the reason."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._left = MAX_BYTES
        self.problems: list[str] = []

    def listed(self, name: str) -> list[Path]:
        """The YAML files of a folder inside, in order of their names; of none, nothing."""
        folder = self._root / name
        try:
            if not self._is_inside(folder):
                self.problems.append(f"{name} leads out of the folder")
                return []
            found = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
        except FileNotFoundError:
            return []
        except (OSError, RuntimeError):
            self.problems.append(f"{name} is no folder that can be read")
            return []
        if len(found) > MAX_FILES:
            self.problems.append(f"{name} holds more than {MAX_FILES} files; the rest is not read")
        return found[:MAX_FILES]

    def documents(self, name: str) -> Iterator[tuple[str, Any]]:
        """The documents of a folder inside, each with the name of its file without the ending."""
        for path in self.listed(name):
            document = self.document(path)
            if document is not None:
                yield path.stem, document

    def document(self, path: Path) -> Any:
        """What a file holds; None when it is empty, not there, or passed over."""
        shown = path.relative_to(self._root).as_posix()
        try:
            return parsed(self._text(path))
        except FileNotFoundError:
            return None
        except PluginError as problem:
            self.problems.append(f"{shown} {problem}")
        except (OSError, RuntimeError, UnicodeDecodeError):
            self.problems.append(f"{shown} cannot be read")
        return None

    def glossary(self) -> Any:
        """What `glossary.yml` holds."""
        return self.document(self._root / "glossary.yml")

    def _is_inside(self, path: Path) -> bool:
        return path.resolve(strict=True).is_relative_to(self._root)

    def _text(self, path: Path) -> str:
        if not self._is_inside(path):
            raise PluginError("leads out of the folder")
        content = _content(path.resolve(strict=True))
        self._left -= len(content)
        if self._left < 0:
            raise PluginError(f"is not read: together the files exceed {MAX_BYTES:,} bytes")
        return content.decode("utf-8-sig")


def parsed(text: str) -> Any:
    """The one document of a text; raises `PluginError` for what could cost more than its size."""
    try:
        _refuse_costly(text)
        loader = LOADER(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise PluginError(f"is not valid YAML{line}") from None
    except (ValueError, OverflowError):
        # A day such as 2026-13-45, or a number of a million digits.
        raise PluginError("holds a number or a day that does not exist") from None


def _content(path: Path) -> bytes:
    # What was checked is what is opened: a link put there meanwhile is not followed, and a pipe
    # does not hold the reader.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise PluginError("is no file")
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise PluginError(f"is larger than {MAX_FILE_BYTES:,} bytes")
    return content


def _refuse_costly(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise PluginError("uses an alias: write the value out")
        if getattr(event, "tag", None):
            raise PluginError("uses a tag: write plain values")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise PluginError(f"is nested deeper than {DEEPEST} levels")
