"""The names that one new plugin goes by."""

import keyword
import re
import sys
from dataclasses import dataclass

from plugins_app.sdk.plugin import PLUGIN_TYPES

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,47}")


class ScaffoldError(Exception):
    """Nothing was written; the text says what to change."""


@dataclass(frozen=True)
class Names:
    """The name as it was given, and what follows from it."""

    name: str
    type: str

    @property
    def id(self) -> str:
        return self.package.replace("_", "-")

    @property
    def package(self) -> str:
        return re.sub(r"[-_]+", "_", self.name.lower()).strip("_")

    @property
    def title(self) -> str:
        return self.package.replace("_", " ").capitalize()

    @property
    def distribution(self) -> str:
        return f"atlas-plugin-{self.id}"


def names_of(name: str, plugin_type: str) -> Names:
    """Return the names; raises `ScaffoldError` when they cannot be used."""
    if plugin_type not in PLUGIN_TYPES:
        raise ScaffoldError(
            f"There is no type {plugin_type}. The types are: {', '.join(PLUGIN_TYPES)}."
        )
    if not NAME.fullmatch(name):
        raise ScaffoldError(
            "A name begins with a letter and holds letters, digits, - and _, at most 48 of them."
        )
    names = Names(name, plugin_type)
    if keyword.iskeyword(names.package) or names.package in sys.stdlib_module_names:
        raise ScaffoldError(f"{names.package} is a name of Python itself. Choose another one.")
    if names.package == "plugins_app":
        raise ScaffoldError("plugins_app is the package of the SDK. Choose another name.")
    return names
