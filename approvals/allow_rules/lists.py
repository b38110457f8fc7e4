"""Allow rules with what they say and how often something passed by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from approvals.allow_rules import allowing
from approvals.allow_rules.models import AllowRule
from approvals.allow_rules.words import InWords, last_day, rule_in_words
from approvals.enums import Mode
from approvals.models import ActionRequest
from approvals.querysets import ActionRequestQuerySet
from atlas.common.clock import database_now

MOST_ENDED = 50


@dataclass(frozen=True)
class ListedRule:
    """A rule for a reader: its words, how often it was used, and why it ended."""

    rule: AllowRule
    words: InWords
    passes: int
    last_pass: datetime | None
    ended: str

    @property
    def may_edit(self) -> bool:
        """Whether the card it was made from is still there to fill the editor."""
        return not self.ended and self.rule.made_from_id is not None


def listed_rules() -> tuple[list[ListedRule], list[ListedRule]]:
    """The rules in force, and the newest of those that ended; the newest first."""
    everything = AllowRule.objects.select_related("made_from", "made_by", "replaced_by")
    numbers = set(allowing.in_force().values_list("pk", flat=True))
    ended = list(everything.exclude(pk__in=numbers).order_by("-id")[:MOST_ENDED])
    counting = list(everything.filter(pk__in=numbers).order_by("-id"))
    used = _used(rule.pk for rule in [*counting, *ended])
    now = database_now()
    return (
        [_listed(rule, used, "") for rule in counting],
        [_listed(rule, used, _why_ended(rule, now)) for rule in ended],
    )


def _listed(
    rule: AllowRule, used: dict[int, tuple[int, datetime | None]], ended: str
) -> ListedRule:
    return ListedRule(rule, rule_in_words(rule), *used.get(rule.pk, (0, None)), ended)


def passed_by(numbers: Iterable[int]) -> ActionRequestQuerySet:
    """The requests that these rules let pass, found by the index on just that."""
    by_rules = ActionRequest.objects.filter(mode=Mode.AUTO)
    return by_rules.filter(policy__allow_rule__id__in=list(numbers))


def _used(numbers: Iterable[int]) -> dict[int, tuple[int, datetime | None]]:
    """How often something passed by each rule, and when the last time."""
    passed = passed_by(numbers).annotate(rule=KT("policy__allow_rule__id"))
    counted = passed.values("rule").annotate(count=Count("pk"), last=Max("created_at"))
    return {int(row["rule"]): (row["count"], row["last"]) for row in counted.order_by()}


def _why_ended(rule: AllowRule, now: datetime) -> str:
    if rule.revoked_at is not None:
        replaced = getattr(rule, "replaced_by", None)
        words = {"name": rule.revoked_by_name}
        if replaced is not None:
            return _("Replaced by %(name)s.") % words
        return _("Revoked by %(name)s.") % words
    if rule.ends_at <= now:
        return _("Over since %(day)s.") % {"day": last_day(rule.ends_at)}
    return _("%(name)s, who made it, is no active admin any more.") % {"name": rule.made_by_name}
