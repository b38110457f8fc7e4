"""Rules that tighten how an action is decided, by what it is called, by whom, and with what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from approvals.enums import Mode
from approvals.rules.conditions import Condition, Operator, may_hold
from approvals.rules.groups import Step
from atlas.accounts.roles import Role
from atlas.conversations.enums import Origin

EVERY_ACTION = "*"

__all__ = ["EVERY_ACTION", "Condition", "Facts", "Operator", "Origin", "Rule", "Step", "matching"]


@dataclass(frozen=True)
class Rule:
    """What holds for the proposals that match: all conditions, roles, origins and reversibility.

    A rule only tightens. `mode` raises the mode, `two_person` keeps the requester from deciding,
    `approvals` is how many people must approve, `steps` are the groups that must approve one
    after the other, and the times shorten those of the policy.
    """

    name: str
    actions: tuple[str, ...] = (EVERY_ACTION,)
    conditions: tuple[Condition, ...] = ()
    roles: frozenset[Role] = frozenset(Role)
    origins: frozenset[Origin] = frozenset(Origin)
    reversible: bool | None = None
    mode: Mode | None = None
    two_person: bool = False
    approvals: int = 1
    steps: tuple[Step, ...] = ()
    time_to_decide: timedelta | None = None
    time_to_run: timedelta | None = None


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    action: str
    arguments: Mapping[str, object]
    role: Role
    is_reversible: bool
    origin: Origin = Origin.CHAT


def covers(actions: Iterable[str], action: str) -> bool:
    """Whether `action` is one of them, or they stand for every action."""
    return bool({EVERY_ACTION, action} & set(actions))


def matching(rules: tuple[Rule, ...], facts: Facts) -> tuple[Rule, ...]:
    """The rules that hold for a proposal, in their own order."""
    return tuple(rule for rule in rules if not misfits(rule, facts))


def misfits(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """Why the rule does not hold for a proposal, in sentences; empty when it holds.

    A condition that cannot be judged counts as met, since rules only tighten.
    """
    looked_at = {
        _("It is about other actions."): covers(rule.actions, facts.action),
        _("It is about people with another role."): facts.role in rule.roles,
        _("It is about what is asked in another way."): facts.origin in rule.origins,
        _("It is about what can be undone."): rule.reversible is not True or facts.is_reversible,
        _("It is about what cannot be undone."): (
            rule.reversible is not False or not facts.is_reversible
        ),
    }
    found = [sentence for sentence, fits in looked_at.items() if not fits]
    for condition in rule.conditions:
        if not may_hold(condition, facts.arguments):
            found.append(_("“%(condition)s” is not so.") % {"condition": condition})
    return tuple(found)
