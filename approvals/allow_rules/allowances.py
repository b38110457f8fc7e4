"""What an admin allows in advance: which proposals an allow rule lets pass, by pure rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.enums import Mode
from approvals.policies import Requirements
from approvals.rules.conditions import Condition, Operator, surely_holds

_SENTENCES = {
    Operator.IS: gettext_lazy("%(label)s is %(value)s"),
    Operator.IS_NOT: gettext_lazy("%(label)s is not %(value)s"),
    Operator.ABOVE: gettext_lazy("%(label)s is above %(value)s"),
    Operator.AT_LEAST: gettext_lazy("%(label)s is at least %(value)s"),
    Operator.BELOW: gettext_lazy("%(label)s is below %(value)s"),
    Operator.AT_MOST: gettext_lazy("%(label)s is at most %(value)s"),
    Operator.CONTAINS: gettext_lazy("%(label)s contains %(value)s"),
    Operator.STARTS_WITH: gettext_lazy("%(label)s starts with %(value)s"),
    Operator.ENDS_WITH: gettext_lazy("%(label)s ends with %(value)s"),
    Operator.ONE_OF: gettext_lazy("%(label)s is one of %(value)s"),
    Operator.NOT_ONE_OF: gettext_lazy("%(label)s is none of %(value)s"),
}


class Bar(TextChoices):
    """Why no allow rule may decide a request; the label is the sentence for people."""

    ADMIN_ONLY = "admin_only", gettext_lazy("Only an admin decides this, each time anew.")
    SEVERAL = (
        "several",
        gettext_lazy("A rule of this installation wants several people, or others than who asked."),
    )
    POLICY = "policy", gettext_lazy("The policy of this installation wants a person to look.")
    AUTO = "auto", gettext_lazy("It needs no approval as it is.")


class Passing(StrEnum):
    """Whether allow rules are asked, and whether one that fits decides or is only named."""

    NO = "no"
    BY_NAME = "by name"
    YES = "yes"


@dataclass(frozen=True)
class Allowance:
    """What an allow rule says: the action under one contract, who asks, and all conditions.

    `asker` is the number of the one person whose proposals pass; None stands for everybody.
    """

    action: str
    plugin_id: str
    fingerprint: str
    conditions: tuple[Condition, ...]
    asker: int | None = None


@dataclass(frozen=True)
class Asked:
    """What a rule is held against: the action with its contract, its arguments, and who asks."""

    action: str
    plugin_id: str
    fingerprint: str
    arguments: Mapping[str, object]
    asker: int | None


def bar_of(required: Requirements) -> Bar | None:
    """What keeps every allow rule from deciding; None when one may.

    An allow rule stands for the one person who would decide a manual request. It never stands
    for an admin, for a second person, or for the look that the operator's policy asks for.
    """
    if required.mode is Mode.ADMIN_ONLY:
        return Bar.ADMIN_ONLY
    if required.two_person or required.approvals > 1 or required.steps:
        return Bar.SEVERAL
    if required.is_asked_by_policy:
        return Bar.POLICY
    # An automatic action that waits because of what the agent had read goes on waiting.
    return Bar.AUTO if required.declared is Mode.AUTO else None


def fits(allowance: Allowance, asked: Asked) -> bool:
    """Whether the rule is about this proposal; what cannot be judged does not fit."""
    is_its_contract = (allowance.action, allowance.plugin_id, allowance.fingerprint) == (
        asked.action,
        asked.plugin_id,
        asked.fingerprint,
    )
    return (
        is_its_contract
        and allowance.asker in (None, asked.asker)
        and all(surely_holds(condition, asked.arguments) for condition in allowance.conditions)
    )


def condition_in_words(condition: Condition, label: str) -> str:
    """A condition as a person says it: “Title is “Restock Chai””."""
    if condition.value is None:
        return _("%(label)s is not given") % {"label": label}
    words = {"label": label, "value": _value(condition.value)}
    return str(_SENTENCES[condition.operator]) % words


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(one) for one in value)
    return f"“{value}”" if isinstance(value, str) else str(value)
