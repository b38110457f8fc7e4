"""What somebody is told before what was done is undone: what goes back, and who has to approve."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.cards.sentences import ended
from approvals.enums import Mode
from approvals.execution import holding
from approvals.execution.results import described_result
from approvals.models import ActionRequest
from approvals.policies import Requirements
from approvals.rules import installed
from approvals.rules.groups import steps_in_words


@dataclass(frozen=True)
class Undo:
    """For who may have something undone: what to know first, and whether a freeze forbids it."""

    notes: tuple[str, ...]
    is_frozen: bool


def undo_of(shown: ActionRequest, required: Requirements) -> Undo:
    """The preview of undoing what was done, and what is `required` of it.

    `shown` is the request as the person sees it.
    """
    result = described_result(shown)
    takes_back = [ended(_("It takes back: %(result)s") % {"result": result})] if result else []
    hold = holding.hold_on_undoing(shown) if installed.current().freezes else None
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
