"""Promises about kinds of events: there is none that nothing writes."""

import re
from pathlib import Path

from atlas.conversations.enums import EventKind

ATLAS = Path(__file__).resolve().parents[2] / "atlas"
WRITERS = ("agent", "runner", "conversations")


def test_every_kind_of_event_is_written_by_the_product() -> None:
    sources = [path for folder in WRITERS for path in (ATLAS / folder).rglob("*.py")]
    named = {
        name for path in sources for name in re.findall(r"EventKind\.([A-Z]+)", path.read_text())
    }

    # Pieces of text have a door of their own.
    assert "emit_text(" in (ATLAS / "runner" / "driving.py").read_text()
    assert named | {"TEXT"} == {kind.name for kind in EventKind}
