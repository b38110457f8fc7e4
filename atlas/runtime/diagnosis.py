"""What `doctor` finds: one line for each thing it looked at, with a cure where it is needed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from atlas.common.errors import AtlasError


class Level(StrEnum):
    """How good a finding is."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: a label, what was found, and what to do unless it is well."""

    level: Level
    label: str
    detail: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{self.level.upper():4}  {self.label}: {self.detail}"
        return f"{line}\n      {self.cure}" if self.cure else line


Section = Callable[[], Iterable[Finding]]


def passed(label: str, detail: str) -> Finding:
    """A thing that is well."""
    return Finding(Level.PASS, label, detail)


def warned(label: str, detail: str, cure: str) -> Finding:
    """A thing that works but should be better."""
    return Finding(Level.WARN, label, detail, cure)


def failed(label: str, detail: str, cure: str) -> Finding:
    """A thing that does not work."""
    return Finding(Level.FAIL, label, detail, cure)


def findings_of(name: str, section: Section) -> Iterator[Finding]:
    """The findings of a section; one that breaks is a failed finding, never an exception."""
    try:
        yield from section()
    except AtlasError as error:
        yield failed(name, error.code, error.user_message)
    except Exception as error:  # noqa: BLE001 - a doctor that breaks helps nobody
        yield failed(name, "could not be looked at", f"{type(error).__name__}: {error}")
