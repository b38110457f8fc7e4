"""Named groups of people or roles, and the steps in which groups decide one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from atlas.accounts.roles import Role


@dataclass(frozen=True)
class Group:
    """People by user name, and everybody who has one of the roles: `Group("Finance", ("bob",))`."""

    name: str
    people: tuple[str, ...] = ()
    roles: frozenset[Role] = field(default_factory=frozenset)

    def holds(self, username: str, role: Role) -> bool:
        """Whether a person of this name and role belongs to the group."""
        return username in self.people or role in self.roles


@dataclass(frozen=True)
class Step:
    """So many people of a group must approve before the next step begins."""

    group: str
    approvals: int = 1


def groups_of(groups: Iterable[Group], username: str, role: Role) -> frozenset[str]:
    """The names of the groups that a person belongs to."""
    return frozenset(group.name for group in groups if group.holds(username, role))


def joined(steps: Iterable[Step], at_least: int = 1) -> tuple[Step, ...]:
    """The steps of all rules as one sequence: each group once, with the most that any asks for.

    When all of them are fewer people than `at_least`, the last group gives the rest.
    """
    most: dict[str, int] = {}
    for step in steps:
        most[step.group] = max(step.approvals, most.get(step.group, 0))
    found = [Step(group, approvals) for group, approvals in most.items()]
    missing = at_least - total(found)
    if found and missing > 0:
        found[-1] = Step(found[-1].group, found[-1].approvals + missing)
    return tuple(found)


def total(steps: Iterable[Step]) -> int:
    """How many people approve in all steps."""
    return sum(step.approvals for step in steps)


def step_at(steps: Sequence[Step], given: int) -> Step | None:
    """The step whose turn it is after `given` approvals; None when there is none left."""
    for step in steps:
        if given < step.approvals:
            return step
        given -= step.approvals
    return None


def cover(steps: Sequence[Step], wanted: Sequence[Step]) -> bool:
    """Whether `steps` ask for at least all that `wanted` ask for, in the same order."""
    rest = iter(steps)
    return all(
        any(one.group == step.group and one.approvals >= step.approvals for one in rest)
        for step in wanted
    )


def steps_in_words(steps: Iterable[Step]) -> str:
    """The groups in their order, such as "Finance (2), then Admins (1)"."""
    return _(", then ").join(f"{step.group} ({step.approvals})" for step in steps)
