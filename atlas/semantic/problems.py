"""What is wrong with a semantic layer, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from atlas.common.errors import AtlasError

LayerPath = tuple[str | int, ...]
SHOWN_IN_MESSAGE = 5


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in one file; `line` counts from 1, and 0 means the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class Finding:
    """One fault in a layer; `path` leads to it: ("entities", 0, "measures", 2, "sql").

    An error makes answers fail or lie; a warning makes questions harder to understand.
    """

    path: LayerPath
    message: str
    severity: Literal["error", "warning"] = "error"


class LayerError(AtlasError):
    """The files do not make a layer; `problems` holds every fault found, by file and line."""

    code = "semantic_layer"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        shown = [str(problem) for problem in self.problems[:SHOWN_IN_MESSAGE]]
        if len(self.problems) > SHOWN_IN_MESSAGE:
            shown.append(f"and {len(self.problems) - SHOWN_IN_MESSAGE} more")
        super().__init__("The semantic layer has problems. " + "; ".join(shown))
