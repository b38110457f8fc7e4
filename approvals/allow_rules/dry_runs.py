"""What an allow rule would have let pass in the past: decisions of people, looked at anew."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.allow_rules.allowances import Allowance, Asked, fits
from approvals.cards.withholding import as_seen_by, hides
from approvals.enums import Kind, Mode, Status
from approvals.models import ActionRequest
from atlas.accounts.models import User
from plugins_app.host.facets import actions

BACK = timedelta(days=30)
MOST = 2_000
EXAMPLES = 10
# What ended without the decision of a person says nothing about a rule.
UNDECIDED = [Status.PENDING, Status.EXPIRED, Status.WITHDRAWN]


@dataclass(frozen=True)
class DryRun:
    """How many decisions were looked at, what would have passed, and what people said to that.

    `withheld` fit as well, but data that the agent had read or attached would have kept the rule
    from deciding. `examples` are the newest that the admin may see. What the rule looks at is
    withheld from the admin in `unseen` more, which are in no other figure.
    """

    decided: int
    passing: int
    rejected: int
    changed: int
    withheld: int
    examples: tuple[ActionRequest, ...]
    unseen: int = 0

    @property
    def sentence(self) -> str:
        """The figures in words."""
        if not self.decided:
            return _("Nobody has decided anything of this kind in the past 30 days.")
        words = {"passing": self.passing, "decided": self.decided}
        sentence = ngettext(
            "In the past 30 days it would have passed %(passing)s of %(decided)s decision",
            "In the past 30 days it would have passed %(passing)s of %(decided)s decisions",
            self.decided,
        )
        among = _(" and ").join(self._among())
        return f"{sentence % words}{_(', among them ') if among else ''}{among}."

    @property
    def withheld_sentence(self) -> str:
        """What fits and goes on waiting for a person; empty when there was none."""
        if not self.withheld:
            return ""
        return ngettext(
            "%(count)s more fits, but the agent had read or attached data: a person goes on "
            "deciding such a one.",
            "%(count)s more fit, but the agent had read or attached data: a person goes on "
            "deciding those.",
            self.withheld,
        ) % {"count": self.withheld}

    @property
    def unseen_sentence(self) -> str:
        """What is not counted, so that no value can be found by trying; empty when all is."""
        if not self.unseen:
            return ""
        return ngettext(
            "%(count)s more is not counted: what the rule looks at is withheld from you.",
            "%(count)s more are not counted: what the rule looks at is withheld from you.",
            self.unseen,
        ) % {"count": self.unseen}

    def _among(self) -> Iterable[str]:
        if self.rejected:
            yield ngettext(
                "%(count)s that was rejected", "%(count)s that were rejected", self.rejected
            ) % {"count": self.rejected}
        if self.changed:
            yield ngettext(
                "%(count)s that was changed first",
                "%(count)s that were changed first",
                self.changed,
            ) % {"count": self.changed}


def dry_run(allowance: Allowance, viewer: User) -> DryRun:
    """Hold a rule against what people decided in the past 30 days, the newest 2,000 at most.

    A request that was changed before it was approved counts as it was proposed. Numbers are of
    all decisions but those about values that are withheld from `viewer`, examples only of
    requests that `viewer` may see.
    """
    fields = [condition.field for condition in allowance.conditions]
    looked_at = {*fields, *(field.partition(".")[0] for field in fields)}
    decided = _decided(allowance)
    rows = [row for row in decided if not hides(row, viewer, looked_at)]
    is_unminded = _does_not_mind(allowance.action)
    fitting = [row for row in rows if fits(allowance, _asked(row, allowance))]
    passing = [row for row in fitting if not _is_withheld(row, is_unminded)]
    return DryRun(
        decided=len(rows),
        passing=len(passing),
        rejected=sum(row.state is Status.REJECTED for row in passing),
        changed=sum(row.state is Status.SUPERSEDED for row in passing),
        withheld=len(fitting) - len(passing),
        examples=_visible(passing, viewer),
        unseen=len(decided) - len(rows),
    )


def _decided(allowance: Allowance) -> list[ActionRequest]:
    rows = ActionRequest.objects.filter(
        kind=Kind.ACTION,
        action=allowance.action,
        plugin_id=allowance.plugin_id,
        mode=Mode.MANUAL,
        supersedes=None,
        created_at__gt=Now() - BACK,
    )
    return list(rows.exclude(status__in=UNDECIDED).order_by("-id")[:MOST])


def _asked(row: ActionRequest, allowance: Allowance) -> Asked:
    """The request as if it were proposed under the contract of this moment."""
    now = Asked(row.action, row.plugin_id, "", row.arguments, row.requester_id)
    return replace(now, fingerprint=allowance.fingerprint)


def _is_withheld(row: ActionRequest, is_unminded: bool) -> bool:
    return bool(row.attachments) or (row.untrusted and not is_unminded)


def _does_not_mind(name: str) -> bool:
    """Whether the action may pass also after the agent has read data."""
    action = actions.find(name)
    return action is not None and action.spec.allow_auto_after_untrusted


def _visible(rows: list[ActionRequest], viewer: User) -> tuple[ActionRequest, ...]:
    numbers = [row.pk for row in rows]
    seen = ActionRequest.objects.visible_to(viewer).filter(pk__in=numbers)
    return tuple(as_seen_by(row, viewer) for row in seen.order_by("-id")[:EXAMPLES])
