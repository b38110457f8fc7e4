"""What is said to a fake provider and by it, in no protocol's shape."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """A tool call; `id` is what its result refers to."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """One message of a request: of the system, the user, the assistant, or a tool."""

    role: str
    text: str = ""
    calls: tuple[Call, ...] = ()
    call_id: str = ""


@dataclass(frozen=True)
class Reply:
    """One turn of the model."""

    text: str = ""
    calls: tuple[Call, ...] = ()

    @property
    def pieces(self) -> list[str]:
        """The text as it is streamed."""
        return re.findall(r"\S+\s*|\s+", self.text)
