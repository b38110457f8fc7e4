"""What changed between two versions of a context fragment, line by line."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from plugins_app.host.contexts.fragments import Loaded, Refreshed


@dataclass(frozen=True)
class Line:
    """One line that came, went or stayed."""

    kind: Literal["added", "removed", "kept"]
    text: str


KINDS: Mapping[str, Literal["added", "removed", "kept"]] = {
    "+ ": "added",
    "- ": "removed",
    "  ": "kept",
}


def difference(refreshed: Refreshed) -> list[Line]:
    """Return the lines of text and terms; without a change every line is kept."""
    before, after = _lines(refreshed.before), _lines(refreshed.after)
    return list(_compared(before, after))


def _lines(loaded: Loaded | None) -> list[str]:
    if loaded is None:
        return []
    terms = [f"{name}: {meaning}" for name, meaning in sorted(loaded.terms.items())]
    return [*loaded.text.splitlines(), *terms]


def _compared(before: list[str], after: list[str]) -> Iterator[Line]:
    for line in difflib.ndiff(before, after):
        kind = KINDS.get(line[:2])
        if kind is not None:
            yield Line(kind, line[2:])
