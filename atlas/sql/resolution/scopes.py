"""What is visible at one place of a query: relations, merged columns and WITH names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from atlas.sql.types import Table


@dataclass(frozen=True)
class Shape:
    """The columns a query or relation yields; `open` when it may yield more than is known."""

    columns: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Relation:
    """One entry of FROM under the name it is referred to by.

    `hides` is true when the engine knows columns of it that the query must not read, `scalar`
    when its bare name stands for its only column.
    """

    name: str
    shape: Shape
    table: Table | None = None
    schema: str | None = None
    hides: bool = False
    scalar: bool = False

    @property
    def physical(self) -> bool:
        """Whether it is a stored table, which has system columns."""
        return self.table is not None

    def has(self, column: str) -> bool:
        """Whether the column is known for certain."""
        return column in self.shape.columns


@dataclass(frozen=True)
class OutputColumn:
    """One column that a star stands for; `relation` None means a column merged by USING.

    `name` None stands for all columns of an open relation.
    """

    relation: Relation | None
    name: str | None


@dataclass(frozen=True)
class JoinGroup:
    """The relations of one comma-separated item of FROM with their columns in star order."""

    relations: tuple[Relation, ...]
    outputs: tuple[OutputColumn, ...]
    merged: frozenset[str] = frozenset()


@dataclass
class Scope:
    """One query level; a name not found here is looked up in `parent`."""

    parent: "Scope | None" = None
    ctes: Mapping[str, Shape] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    merged: set[str] = field(default_factory=set)

    def levels(self) -> Iterator["Scope"]:
        """This level, then each enclosing one."""
        level: Scope | None = self
        while level is not None:
            yield level
            level = level.parent

    def add(self, group: JoinGroup) -> None:
        """Make the relations of a group visible at this level."""
        self.relations.extend(group.relations)
        self.merged.update(group.merged)

    def only(self, group: JoinGroup) -> "Scope":
        """A scope that sees nothing of this level but one group."""
        return Scope(self.parent, self.ctes, list(group.relations), set(group.merged))

    def child(self) -> "Scope":
        """A fresh level for a subquery that sees this one."""
        return Scope(self, self.ctes)
