"""What lineage knows of a place in a query: relations, their columns, and how each is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlglot import exp

from atlas.sql.policies.masks import Masks, Shown, strictest
from atlas.sql.types import Table


@dataclass(frozen=True, slots=True)
class Output:
    """One column by its name in lower case."""

    name: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a relation in their order; `rest` is what any further column may hold.

    `uncounted` says that columns are missing here, so that places say nothing.
    """

    outputs: tuple[Output, ...] = ()
    rest: Shown = Shown()  # noqa: RUF009 - frozen
    uncounted: bool = False

    def all(self) -> Shown:
        """Everything at once."""
        shown = [output.shown for output in self.outputs] + [self.rest]
        masked = [one for one in shown if one.kind != "none"]
        return Shown(strictest([one.kind for one in masked]), all(one.plain for one in masked))

    def at(self, place: int) -> Shown:
        """The column at a place, counted from 0."""
        if self.uncounted:
            return self.all()
        return self.outputs[place].shown if 0 <= place < len(self.outputs) else self.rest

    def renamed(self, names: list[str]) -> "Shape":
        """With other names from the left."""
        if not names:
            return self
        if self.uncounted:
            return Shape((), Shown(self.all().kind, False), uncounted=True)
        renamed = [
            replace(output, name=name.lower())
            for output, name in zip(self.outputs, names, strict=False)
        ]
        return replace(self, outputs=(*renamed, *self.outputs[len(renamed) :]))


def joined(one: Shape, other: Shape) -> Shape:
    """The columns of both, place by place, under the names of the first."""
    if one.uncounted or other.uncounted or len(one.outputs) != len(other.outputs):
        kind = strictest([one.all().kind, other.all().kind])
        return Shape((), Shown(kind, False), uncounted=True)
    outputs = [
        Output(left.name, _both(left.shown, right.shown))
        for left, right in zip(one.outputs, other.outputs, strict=True)
    ]
    return Shape(tuple(outputs), _both(one.rest, other.rest))


def _both(one: Shown, other: Shown) -> Shown:
    return Shown(strictest([one.kind, other.kind]), one.plain and other.plain)


@dataclass(frozen=True)
class Relation:
    """One entry of FROM; a table answers for each of its columns by itself."""

    name: str
    shape: Shape

    @classmethod
    def of_table(cls, table: Table, masks: Masks, role: str | None) -> "Relation":
        """A stored table; of one whose columns are not known every masked one may be there."""
        if table.columns is None:
            names = {name for mask in masks.masks for name in mask.columns}
            hidden = [masks.kind_of(table, name, role) for name in sorted(names)]
            return cls(table.name, Shape((), Shown(strictest(hidden), False), uncounted=True))
        listed = table.columns if isinstance(table.columns, tuple) else sorted(table.columns)
        outputs = [Output(n.lower(), Shown(masks.kind_of(table, n, role))) for n in listed]
        return cls(table.name, Shape(tuple(outputs)))


@dataclass
class Level:
    """One query level; `aliases` are results that other places may name."""

    parent: "Level | None" = None
    relations: list[Relation] = field(default_factory=list)
    aliases: dict[str, Shown] = field(default_factory=dict)
    countable: bool = True

    def learn(self, outputs: list[Output]) -> None:
        """Take masked results as what their names may stand for, all of one name together."""
        for output in outputs:
            if output.shown.kind != "none":
                known = self.aliases.get(output.name, output.shown)
                self.aliases[output.name] = _both(known, output.shown)

    def named(self, name: str) -> list[Relation]:
        """The relation of this name here or further out."""
        exact = self._find(lambda relation: relation.name == name)
        # A name that nothing has is taken for any that looks like it.
        return exact or self._find(lambda relation: relation.name.lower() == name.lower())

    def _find(self, is_meant: Callable[[Relation], bool]) -> list[Relation]:
        level: Level | None = self
        while level is not None:
            if found := [relation for relation in level.relations if is_meant(relation)]:
                return found
            level = level.parent
        return []

    def shared(self) -> list[str]:
        """Names that more than one relation here has."""
        names = [output.name for relation in self.relations for output in relation.shape.outputs]
        return sorted({name for name in names if names.count(name) > 1})

    def lookup(self, name: str) -> Shown | None:
        """How a bare name is shown, every meaning that it may have taken together."""
        lowered = name.lower()
        found = [o.shown for r in self.relations for o in r.shape.outputs if o.name == lowered]
        if lowered in self.aliases:
            found.append(self.aliases[lowered])
        rest = [r.shape.rest for r in self.relations if r.shape.rest.kind != "none"]
        # A column that is not told apart may have any name, this one too.
        found += [r.shape.rest for r in self.relations if r.shape.uncounted and found and rest]
        whole = [r.shape.all() for r in self.relations if r.name.lower() == lowered and not found]
        found += rest if not found else []
        found += [Shown(one.kind, False) for one in whole]
        if found:
            kind = strictest([one.kind for one in found])
            return Shown(kind, len(set(found)) == 1 and found[0].plain)
        return self.parent.lookup(name) if self.parent else None

    def path(self, names: list[str]) -> Shown:
        """What lies in a column, by the words with dots that lead there."""
        for at, name in enumerate(names[:-1]):
            relations = self.named(name)
            if relations:
                inner = Level(relations=relations)
                return Shown((inner.lookup(names[at + 1]) or Shown()).kind, False)
        return Shown((self.lookup(names[0]) or Shown()).kind, False)

    def gathered(self) -> Relation:
        """A join in parentheses that has a name: all that stands here so far, unclear."""
        return Relation("", Shape((), self.everything(), uncounted=True))

    def everything(self) -> Shown:
        """All that a star in an expression, or a column by its number, may hold."""
        return Shown(strictest([relation.shape.all().kind for relation in self.relations]), False)

    def column(self, column: exp.Column) -> Shown:
        """How a reference is shown; a star or a name with no relation takes all that may be."""
        table = column.args.get("table")
        if table is None:
            return self.lookup(column.name) or Shown()
        relations = self.named(table.name)
        if not relations:
            names = [part.name for part in column.parts if isinstance(part, exp.Identifier)]
            return self.path(names)
        if not isinstance(column.this, exp.Identifier):
            # A star, or Snowflake's $1, which is a column by its number.
            kinds = [relation.shape.all().kind for relation in relations]
            return Shown(strictest(kinds), False)
        inner = Level(relations=relations)
        return inner.lookup(column.name) or Shown()
