"""An allow rule as a person says it, with everything that may be anything named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from approvals.allow_rules.allowances import condition_in_words
from approvals.allow_rules.allowing import RuleDraft
from approvals.allow_rules.models import AllowRule
from approvals.models import ActionRequest
from approvals.rules.conditions import Condition


@dataclass(frozen=True)
class InWords:
    """What passes and until when, each condition, and what may be anything."""

    lead: str
    conditions: tuple[str, ...]
    free: str

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join([self.lead, "; ".join(self.conditions) + ".", self.free]).strip()


def wanted_in_words(source: ActionRequest, wanted: RuleDraft) -> InWords:
    """A rule that is being written."""
    asker = str(wanted.asker) if wanted.asker is not None else ""
    return _in_words(source, source.verb, wanted.conditions, asker, wanted.ends_at)


def rule_in_words(rule: AllowRule) -> InWords:
    """A rule that exists; without its card the names of the values stand for their labels."""
    source = rule.made_from
    verb = source.verb if source is not None else rule.action
    asker = "" if rule.is_for_all else rule.asker_name
    return _in_words(source, verb, rule.all_conditions, asker, rule.ends_at)


def last_day(ends_at: datetime) -> str:
    """The last day on which a rule counts, in the reader's language."""
    return date_format(timezone.localtime(ends_at - timedelta(seconds=1)), "DATE_FORMAT")


def _in_words(
    source: ActionRequest | None,
    verb: str,
    conditions: Sequence[Condition],
    asker: str,
    ends_at: datetime,
) -> InWords:
    fields = source.contract.get("fields", []) if source is not None else []
    labels = {field["name"]: field["label"] for field in fields}
    names = list(source.arguments) if source is not None else []
    bound = {condition.field for condition in conditions}
    free = ", ".join(labels.get(name, name) for name in names if name not in bound)
    lead = (
        _("“%(verb)s”, asked by %(asker)s, runs without a decision until %(day)s, when:")
        if asker
        else _("“%(verb)s”, asked by anybody, runs without a decision until %(day)s, when:")
    )
    return InWords(
        lead % {"verb": verb, "asker": asker, "day": last_day(ends_at)},
        tuple(condition_in_words(one, labels.get(one.field, one.field)) for one in conditions),
        _("May be anything: %(names)s.") % {"names": free} if free else "",
    )
