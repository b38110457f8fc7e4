"""How much queries may take; the operator's file may tighten or widen it at start."""

from dataclasses import dataclass, fields

from atlas.common.errors import AtlasError
from atlas.common.operators_file import chosen


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows, bytes and time of one query, and how many run at once in all processes together."""

    max_rows: int = 1000
    max_bytes: int = 20_000_000
    timeout_ms: int = 30_000
    parallel_per_person: int = 4
    parallel_per_datasource: int = 16

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise AtlasError(
                    f"limits.{field.name} is {value!r}; it must be a whole number above 0.",
                    code="limits",
                )


_limits = Limits()


def limits() -> Limits:
    """The limits in force in this process."""
    return _limits


def set_limits(wanted: Limits) -> None:
    """Put other limits in force; called once at start, before any query."""
    global _limits
    _limits = wanted


def chosen_limits(module: object) -> Limits:
    """The `limits` of the operator's file, or the defaults; raises AtlasError for anything else."""
    return chosen(module, "limits", Limits())
