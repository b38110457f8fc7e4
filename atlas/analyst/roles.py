"""Roles: what each understood span does in a question."""

from dataclasses import dataclass, field

from atlas.analyst.marks import Mark


@dataclass
class Threshold:
    """A number to compare with, and the measure, dimension or entity it is about, if found."""

    mark: Mark
    operand: Mark | None = None


@dataclass
class Roles:
    """The marks of a question by what they do."""

    measures: list[Mark] = field(default_factory=list)
    order: Mark | None = None
    groups: list[Mark] = field(default_factory=list)
    subject: Mark | None = None
    counted: Mark | None = None
    plain: list[Mark] = field(default_factory=list)
    columns: list[Mark] = field(default_factory=list)
    counted_column: Mark | None = None
    conditions: list[tuple[Mark, bool]] = field(default_factory=list)
    verbs: list[tuple[Mark, bool]] = field(default_factory=list)
    missing: list[Mark] = field(default_factory=list)
    owned: list[Mark] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    time_dimension: Mark | None = None
    grain: Mark | None = None
    numbers: list[Mark] = field(default_factory=list)
    rank: Mark | None = None
    adjective: Mark | None = None
    per: Mark | None = None
    flags: dict[str, Mark] = field(default_factory=dict)

    def entities(self) -> list[Mark]:
        """All marks that name an entity."""
        found = [self.subject, self.counted, *self.plain, *self.groups, *self.missing, *self.owned]
        return [mark for mark in found if mark is not None and mark.kind == "entity"]
