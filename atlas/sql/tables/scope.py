"""What is visible at one place of such a query: WITH names and the tables of each SELECT."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from atlas.sql.types import Table


@dataclass
class Level:
    """The sources of one SELECT by the name they are referred to by; None is not a listed table.

    `names` are further words a column reference may mean: aliases of results and the like.
    `open` says that some source has columns nobody listed.
    """

    parent: "Level | None" = None
    sources: dict[str, Table | None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    open: bool = False

    def levels(self) -> Iterator["Level"]:
        """This level, then each enclosing one."""
        level: Level | None = self
        while level is not None:
            yield level
            level = level.parent


@dataclass(frozen=True)
class Place:
    """Where a node stands: the WITH names it sees and the SELECT it belongs to."""

    ctes: frozenset[str]
    level: Level
