"""What a request's status means in one sentence: on the card, in history, and in the chat."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from approvals.enums import Mode, Status
from approvals.models import ActionRequest
from approvals.results import described_result


def closing_sentence(request: ActionRequest) -> str:
    """Say where the request stands and, where something can be done, what."""
    return _SENTENCES[request.state](request)


def _pending(request: ActionRequest) -> str:
    if request.mode == Mode.ADMIN_ONLY:
        return _("Waiting for an admin to decide: %(summary)s") % _words(request)
    return _("Waiting for approval: %(summary)s") % _words(request)


def _approved(request: ActionRequest) -> str:
    if request.mode == Mode.AUTO:
        return _("Approved by policy; it runs in a moment: %(summary)s") % _words(request)
    return _("Approved by %(who)s; it runs in a moment: %(summary)s") % _words(request)


def _rejected(request: ActionRequest) -> str:
    return _("Rejected by %(who)s: “%(reason)s”. Nothing was done: %(summary)s") % _words(request)


def _expired(request: ActionRequest) -> str:
    return _("Nobody decided in time, so nothing was done: %(summary)s") % _words(request)


def _withdrawn(request: ActionRequest) -> str:
    return _("Withdrawn by %(who)s. Nothing was done: %(summary)s") % _words(request)


def _superseded(request: ActionRequest) -> str:
    return _("Replaced by a changed request. Nothing was done: %(summary)s") % _words(request)


def _executing(request: ActionRequest) -> str:
    return _("In progress: %(summary)s") % _words(request)


def _lapsed(request: ActionRequest) -> str:
    return _("Approved, but not carried out: %(error)s Ask again to propose it anew.") % _words(
        request
    )


def _executed(request: ActionRequest) -> str:
    result = described_result(request)
    if result:
        return _("Done: %(summary)s %(result)s") % {**_words(request), "result": _ended(result)}
    return _("Done: %(summary)s") % _words(request)


def _failed(request: ActionRequest) -> str:
    return _("Failed, and nothing was done: %(summary)s %(error)s") % _words(request)


def _unknown(request: ActionRequest) -> str:
    return _(
        "It is not known whether this happened: %(summary)s %(error)s "
        "Check in the other system before you ask again."
    ) % _words(request)


def _rolling_back(request: ActionRequest) -> str:
    return _("Being rolled back: %(summary)s") % _words(request)


def _rolled_back(request: ActionRequest) -> str:
    return _("Rolled back: %(summary)s") % _words(request)


def _rollback_failed(request: ActionRequest) -> str:
    return _("It was done and could not be rolled back: %(summary)s") % _words(request)


def _rollback_unknown(request: ActionRequest) -> str:
    return _(
        "It is not known whether the rollback happened: %(summary)s Check in the other system."
    ) % _words(request)


_SENTENCES: dict[Status, Callable[[ActionRequest], str]] = {
    Status.PENDING: _pending,
    Status.APPROVED: _approved,
    Status.REJECTED: _rejected,
    Status.EXPIRED: _expired,
    Status.WITHDRAWN: _withdrawn,
    Status.SUPERSEDED: _superseded,
    Status.EXECUTING: _executing,
    Status.LAPSED: _lapsed,
    Status.EXECUTED: _executed,
    Status.FAILED: _failed,
    Status.UNKNOWN: _unknown,
    Status.ROLLING_BACK: _rolling_back,
    Status.ROLLED_BACK: _rolled_back,
    Status.ROLLBACK_FAILED: _rollback_failed,
    Status.ROLLBACK_UNKNOWN: _rollback_unknown,
}


def _words(request: ActionRequest) -> dict[str, str]:
    return {
        "summary": _ended(request.summary),
        "who": request.decided_by_name,
        "reason": request.reason.strip(),
        "error": _ended(request.error_text or _("No reason was given.")),
    }


def _ended(text: str) -> str:
    """The text as a sentence: with a full stop unless it has an ending of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
