"""What a request's status means in one sentence: on the card, in history, and in the chat."""

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.cards import rollback_sentences
from approvals.enums import Kind, Mode, Status
from approvals.execution.results import described_result
from approvals.models import ActionRequest

MAX_VALUE = 80
Sentences = dict[Status, str | Promise]

# For the chat and for history, where the sentence stands alone.
_ALONE: Sentences = {
    Status.PENDING: gettext_lazy("Waiting for approval: %(summary)s"),
    Status.APPROVED: gettext_lazy("Approved by %(who)s; it runs in a moment: %(summary)s"),
    Status.REJECTED: gettext_lazy(
        "Rejected by %(who)s: “%(reason)s”. Nothing was done: %(summary)s"
    ),
    Status.EXPIRED: gettext_lazy("Nobody decided in time, so nothing was done: %(summary)s"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn by %(who)s. Nothing was done: %(summary)s"),
    Status.SUPERSEDED: gettext_lazy("Replaced by a changed request. Nothing was done: %(summary)s"),
    Status.EXECUTING: gettext_lazy("In progress: %(summary)s"),
    Status.LAPSED: gettext_lazy(
        "Approved, but not carried out: %(summary)s %(error)s Ask again to propose it anew."
    ),
    Status.EXECUTED: gettext_lazy("Done: %(summary)s %(result)s"),
    Status.FAILED: gettext_lazy("Failed, and nothing was done: %(summary)s %(error)s"),
    Status.UNKNOWN: gettext_lazy(
        "It is not known whether this happened: %(summary)s %(error)s "
        "Check in the other system before you ask again."
    ),
    Status.ROLLING_BACK: gettext_lazy("Being rolled back: %(summary)s"),
    Status.ROLLED_BACK: gettext_lazy("Rolled back: %(summary)s"),
    Status.ROLLBACK_FAILED: gettext_lazy("It was done and could not be rolled back: %(summary)s"),
    Status.ROLLBACK_UNKNOWN: gettext_lazy(
        "It is not known whether the rollback happened: %(summary)s Check in the other system."
    ),
}

# For the card, below the summary and above the result.
_ON_CARD: Sentences = {
    Status.PENDING: gettext_lazy("Waiting for approval."),
    Status.APPROVED: gettext_lazy("Approved by %(who)s; it runs in a moment."),
    Status.REJECTED: gettext_lazy("Rejected by %(who)s: “%(reason)s”. Nothing was done."),
    Status.EXPIRED: gettext_lazy("Nobody decided in time, so nothing was done."),
    Status.WITHDRAWN: gettext_lazy("Withdrawn by %(who)s. Nothing was done."),
    Status.SUPERSEDED: gettext_lazy("Replaced by a changed request. Nothing was done."),
    Status.EXECUTING: gettext_lazy("Approved by %(who)s; it is in progress."),
    Status.LAPSED: gettext_lazy(
        "Approved by %(who)s, but not carried out. %(error)s Ask again to propose it anew."
    ),
    Status.EXECUTED: gettext_lazy("Approved by %(who)s, and done."),
    Status.FAILED: gettext_lazy(
        "Approved by %(who)s, but it failed and nothing was done. %(error)s"
    ),
    Status.UNKNOWN: gettext_lazy(
        "Approved by %(who)s, but it is not known whether it happened. %(error)s "
        "Check in the other system before you ask again."
    ),
    Status.ROLLING_BACK: gettext_lazy("It was done and is being rolled back."),
    Status.ROLLED_BACK: gettext_lazy("It was done and rolled back."),
    Status.ROLLBACK_FAILED: gettext_lazy("It was done and could not be rolled back."),
    Status.ROLLBACK_UNKNOWN: gettext_lazy(
        "It was done, and it is not known whether the rollback happened. Check in the other system."
    ),
}


def closing_sentence(request: ActionRequest) -> str:
    """Say what was asked for, what became of it and, where something can be done, what."""
    form = _form(request, _ALONE, rollback_sentences.ALONE)
    if request.state is Status.PENDING and request.mode == Mode.ADMIN_ONLY:
        form = _("Waiting for an admin to decide: %(summary)s")
    if _is_held(request):
        form = _("Approved by %(who)s, and held: %(summary)s %(held)s")
        if request.state is Status.ROLLING_BACK:
            form = _("The roll back is held: %(summary)s %(held)s")
    sentence = (str(form) % _words(request)).strip()
    return f"{sentence} {changed_sentence(request)}".strip()


def card_sentence(request: ActionRequest) -> str:
    """Say what became of a request whose summary stands above."""
    form = _form(request, _ON_CARD, rollback_sentences.ON_CARD)
    if _is_held(request):
        form = _("Approved by %(who)s, and held. %(held)s")
        if request.state is Status.ROLLING_BACK:
            form = _("It was done, and its roll back is held. %(held)s")
    return str(form) % _words(request)


def undoing_sentence(asked: ActionRequest) -> str:
    """Say on the card of what `asked` undoes who wanted that, and how far it is."""
    form = rollback_sentences.ON_UNDONE[asked.state]
    if _is_held(asked):
        form = _("%(asker)s asked for its roll back. Approved by %(who)s, and held. %(held)s")
    return str(form) % _words(asked)


def changed_sentence(request: ActionRequest) -> str:
    """Say who made which of its values different before it was decided; empty for the first."""
    if not request.changes:
        return ""
    changes = "; ".join(
        _("%(label)s from “%(before)s” to “%(after)s”")
        % {name: Truncator(text).chars(MAX_VALUE) for name, text in change.items()}
        for change in request.changes
    )
    return _("%(who)s changed it first: %(changes)s.") % {
        "who": request.changed_by_name,
        "changes": changes,
    }


def decider_of(request: ActionRequest) -> str:
    """Who decided it: people, an allow rule, or the policy; empty when nobody has."""
    return _by_policy(request) if _is_by_policy(request) else request.decided_by_name


def _form(request: ActionRequest, usual: Sentences, of_rollback: Sentences) -> str | Promise:
    is_rollback = request.kind == Kind.ROLLBACK and request.state in of_rollback
    return (of_rollback if is_rollback else usual)[request.state]


def _words(request: ActionRequest) -> dict[str, str]:
    return {
        "summary": ended(request.summary),
        "who": decider_of(request),
        "asker": request.requester_name,
        # The sentence around it has a full stop of its own.
        "reason": request.reason.strip().removesuffix("."),
        "error": ended(request.error_text or _("No reason was given.")),
        "result": ended(described_result(request)),
        "held": request.held_because,
    }


def _is_held(request: ActionRequest) -> bool:
    """Whether a freeze or a daily limit keeps it from running, or being undone, in a moment."""
    return request.state in {Status.APPROVED, Status.ROLLING_BACK} and bool(request.held_because)


def _by_policy(request: ActionRequest) -> str:
    """What approved it when no person did: an allow rule, which is named, or the policy."""
    if request.allow_rule_id is None:
        return _("the policy of this action")
    rule: dict[str, str] = request.policy["allow_rule"]
    return _("the rule “%(name)s” of %(by)s") % rule


def _is_by_policy(request: ActionRequest) -> bool:
    return request.mode == Mode.AUTO and not request.decided_by_name


def ended(text: str) -> str:
    """Return the text as a sentence: with a full stop unless it has an ending of its own."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."
