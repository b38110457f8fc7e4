"""What notices about requests say: what kind of action and who asked, never with which values."""

from datetime import datetime

from django.template.defaultfilters import date as dated
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.deciding.delegation import ballot_of
from approvals.enums import Status
from approvals.models import ActionRequest
from approvals.notices import due as kinds
from atlas.accounts.models import User
from atlas.notices import letters
from atlas.notices.letters import Letter

_HEADINGS: dict[str, str | Promise] = {
    kinds.WAITING: gettext_lazy("Approval needed: %(what)s, asked by %(who)s"),
    kinds.REMINDER: gettext_lazy("Still waiting for approval: %(what)s, asked by %(who)s"),
    kinds.ESCALATED: gettext_lazy("Nobody has decided yet: %(what)s, asked by %(who)s"),
}

_ENDS: dict[Status, str | Promise] = {
    Status.REJECTED: gettext_lazy("rejected by %(by)s, so nothing was done"),
    Status.EXPIRED: gettext_lazy("expired because nobody decided in time; nothing was done"),
    Status.WITHDRAWN: gettext_lazy("withdrawn by %(by)s, so nothing was done"),
    Status.LAPSED: gettext_lazy("approved, but not carried out"),
    Status.EXECUTED: gettext_lazy("done"),
    Status.FAILED: gettext_lazy("failed, and nothing was done"),
    Status.UNKNOWN: gettext_lazy("not known to have happened or not; look in the other system"),
    Status.ROLLED_BACK: gettext_lazy("undone"),
    Status.ROLLBACK_FAILED: gettext_lazy("done, and could not be undone"),
    Status.ROLLBACK_UNKNOWN: gettext_lazy("done, and it is not known whether it was undone"),
}


def register() -> None:
    """Let the notices about requests be written here; called once when the app is ready."""
    for kind in _HEADINGS:
        letters.register(kind, _to_decider(kind))
    for kind in (kinds.ENDED, kinds.UNKNOWN, kinds.UNDONE):
        letters.register(kind, _to_requester)


def _to_decider(kind: str) -> letters.Writer:
    def write(person: User, subject: str, site: str) -> Letter | None:
        rows = ActionRequest.objects.decidable_by(person)
        request = rows.filter(pk=_number(subject)).first()
        if request is None:
            return None
        lines = [
            _("%(who)s asks for this: %(what)s.") % _words(request),
            _("It expires in %(span)s, at %(moment)s.")
            % {"span": _left(request.expires_at), "moment": _exact(request.expires_at)},
            ballot_of(request, person).verdict.sentence,
            _("Read all of it and decide here: %(link)s") % {"link": _link(request, site)},
            _footer(site),
        ]
        return _letter(str(_HEADINGS[kind]) % _words(request), lines)

    return write


def _to_requester(person: User, subject: str, site: str) -> Letter | None:
    request = ActionRequest.objects.filter(pk=_number(subject), requester=person).first()
    if request is None or request.state not in _ENDS:
        return None
    end = str(_ENDS[request.state]) % {"by": request.decided_by_name or _("nobody")}
    words = {**_words(request), "end": end}
    lines = [
        _("You asked for this: %(what)s. It is %(end)s.") % words,
        _("The page says more: %(link)s") % {"link": _link(request, site)},
        _footer(site),
    ]
    return _letter(_("%(what)s: %(status)s") % words, lines)


def _letter(heading: str, lines: list[str]) -> Letter:
    # A name that people chose could otherwise begin another header.
    return Letter(" ".join(heading.split()), "\n\n".join(lines) + "\n")


def _words(request: ActionRequest) -> dict[str, str]:
    return {
        "what": request.verb,
        "who": request.requester_name,
        "status": str(request.state.label),
    }


def _footer(site: str) -> str:
    address = f"{site}{reverse('accounts:profile')}"
    return _(
        "This note leaves out the values; they are shown after signing in. "
        "Switch these notes off here: %(address)s"
    ) % {"address": address}


def _link(request: ActionRequest, site: str) -> str:
    return f"{site}{reverse('approvals:card', args=[request.pk])}"


def _exact(moment: datetime) -> str:
    return dated(timezone.localtime(moment), "Y-m-d H:i T")


def _left(moment: datetime) -> str:
    # A plain text is read by programs that show a space that must not break as something else.
    return timeuntil(moment).replace("\xa0", " ")


def _number(subject: str) -> int:
    return int(subject.rpartition(" ")[2])
