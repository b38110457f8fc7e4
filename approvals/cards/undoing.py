"""What somebody is told before what was done is undone: what goes back, and who has to approve."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.cards.beside import Beside
from approvals.cards.sentences import ended
from approvals.deciding.standing import may_undo_at
from approvals.enums import Mode
from approvals.execution import holding
from approvals.execution.results import described_result
from approvals.models import ActionRequest
from approvals.policies import Place, Requirements
from approvals.rules import installed
from approvals.rules.groups import steps_in_words
from approvals.rules.requirements import rollback_requirements
from atlas.accounts.models import User
from atlas.common.clock import database_now

A_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Undo:
    """For who may have something undone: what to know first, and whether a freeze forbids it."""

    notes: tuple[str, ...]
    is_frozen: bool


def undos_of(
    requests: Collection[ActionRequest],
    shown: Mapping[int, ActionRequest],
    viewer: User,
    places: Mapping[int, Place],
    added: Mapping[int, Beside],
) -> dict[int, Undo]:
    """By number, what to know of each that the viewer may have undone, in at most one query.

    `shown` are the requests as the viewer sees them.
    """
    # What the policy holds no freeze for is held at no moment.
    now = database_now() if installed.current().freezes else A_MOMENT
    return {
        one.pk: undo_of(shown[one.pk], rollback_requirements(one, viewer.as_role), now)
        for one in requests
        if not added[one.pk].awaits_rollback and may_undo_at(places[one.pk], one, viewer)
    }


def undo_of(shown: ActionRequest, required: Requirements, now: datetime) -> Undo:
    """The preview of undoing what was done, what is `required` of it, and a freeze at `now`."""
    result = described_result(shown)
    takes_back = [ended(_("It takes back: %(result)s") % {"result": result})] if result else []
    hold = holding.hold_on_undoing(shown, now)
    if hold is None:
        return Undo((*takes_back, *_needs(required)), is_frozen=False)
    if required.mode is Mode.AUTO:
        return Undo((hold.sentence,), is_frozen=True)
    return Undo((*takes_back, *_needs(required), hold.sentence), is_frozen=False)


def _needs(required: Requirements) -> tuple[str, ...]:
    if required.mode is Mode.AUTO:
        return ()
    how = [steps_in_words(required.steps) if required.steps else str(required.mode.label)]
    if required.two_person:
        how.append(_("by somebody else than you"))
    if required.approvals > 1 and not required.steps:
        counted = ngettext("%(count)s approval", "%(count)s approvals", required.approvals)
        how.append(counted % {"count": required.approvals})
    needed = _("It begins only after an approval of its own: %(how)s.") % {"how": "; ".join(how)}
    return (needed,)
