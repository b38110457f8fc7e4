"""Rules that tighten how an action is decided, by what it is called, by whom, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from approvals.enums import Mode
from atlas.accounts.roles import Role

EVERY_ACTION = "*"


class Operator(StrEnum):
    """How a condition compares an argument with its value."""

    IS = "is"
    IS_NOT = "is not"
    ABOVE = "above"
    AT_LEAST = "at least"
    BELOW = "below"
    AT_MOST = "at most"
    CONTAINS = "contains"
    ONE_OF = "one of"


@dataclass(frozen=True)
class Condition:
    """One comparison of an argument, such as `Condition("amount", Operator.ABOVE, 500)`."""

    field: str
    operator: Operator
    value: object

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.value}"


@dataclass(frozen=True)
class Rule:
    """What holds for the proposals that match: all conditions, roles and reversibility.

    A rule only tightens. `mode` raises the mode, `two_person` keeps the requester from deciding,
    `approvals` is how many people must approve, and the times shorten those of the policy.
    """

    name: str
    actions: tuple[str, ...] = (EVERY_ACTION,)
    conditions: tuple[Condition, ...] = ()
    roles: frozenset[Role] = frozenset(Role)
    reversible: bool | None = None
    mode: Mode | None = None
    two_person: bool = False
    approvals: int = 1
    time_to_decide: timedelta | None = None
    time_to_run: timedelta | None = None


@dataclass(frozen=True)
class Facts:
    """What rules look at."""

    action: str
    arguments: Mapping[str, object]
    role: Role
    is_reversible: bool


def matching(rules: tuple[Rule, ...], facts: Facts) -> tuple[Rule, ...]:
    """The rules that hold for a proposal, in their own order."""
    return tuple(rule for rule in rules if _holds(rule, facts))


def _holds(rule: Rule, facts: Facts) -> bool:
    return (
        (EVERY_ACTION in rule.actions or facts.action in rule.actions)
        and facts.role in rule.roles
        and rule.reversible in (None, facts.is_reversible)
        and all(_fits(condition, facts.arguments) for condition in rule.conditions)
    )


def _fits(condition: Condition, arguments: Mapping[str, object]) -> bool:
    """Whether the condition holds; one that cannot be judged holds, since rules only tighten."""
    if condition.field not in arguments:
        return True
    found, wanted = arguments[condition.field], condition.value
    match condition.operator:
        case Operator.IS:
            return _same(found, wanted)
        case Operator.IS_NOT:
            return not _same(found, wanted)
        case Operator.CONTAINS:
            return str(wanted).casefold() in str(found).casefold()
        case Operator.ONE_OF:
            return not isinstance(wanted, list | tuple | set | frozenset) or any(
                _same(found, one) for one in wanted
            )
        case _:
            return _compares(condition.operator, found, wanted)


def _same(found: object, wanted: object) -> bool:
    if isinstance(found, str) and isinstance(wanted, str):
        return found.casefold() == wanted.casefold()
    numbers = _number(found), _number(wanted)
    return numbers[0] == numbers[1] if None not in numbers else found == wanted


def _compares(operator: Operator, found: object, wanted: object) -> bool:
    left, right = _number(found), _number(wanted)
    if left is None or right is None:
        return True
    outcomes = {
        Operator.ABOVE: left > right,
        Operator.AT_LEAST: left >= right,
        Operator.BELOW: left < right,
        Operator.AT_MOST: left <= right,
    }
    return outcomes[operator]


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
