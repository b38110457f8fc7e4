"""Writes down how an attempt ended."""

from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.enums import Status
from approvals.execution.claims import Claim
from approvals.models import ActionRequest
from approvals.moves import move
from approvals.trail import EVENT_OF_END, trace
from approvals.transitions import ROLLBACK_ENDS
from atlas.common.jsonable import JSON, clean_text, jsonable
from atlas.common.redaction import redact
from plugins_app.sdk import Reconciled

MAX_ERROR = 1000

_OF_ROLLBACK = {end: of_rollback for of_rollback, end in ROLLBACK_ENDS.items()}


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: executed with a result, or failed or unknown with a sentence."""

    status: Status
    result: dict[str, JSON] = field(default_factory=dict)
    code: str = ""
    text: str = ""

    def of_rollback(self) -> "Ending":
        """The same end, of undoing what was done."""
        return replace(self, status=_OF_ROLLBACK[self.status])


def executed(result: object) -> Ending:
    safe = jsonable(result)
    return Ending(Status.EXECUTED, safe if isinstance(safe, dict) else {"value": safe})


def failed(code: str, text: str) -> Ending:
    return Ending(Status.FAILED, code=code, text=_kept(text))


def unknown(code: str, text: str) -> Ending:
    return Ending(Status.UNKNOWN, code=code, text=_kept(text))


def lost() -> Ending:
    """What is known when the process that ran the action went away."""
    return unknown("lost", _("The server stopped while it was being done."))


def held_up() -> Ending:
    """What is known when a process was stopped just before it would have called the plugin."""
    return failed("held_up", _("The server was held up just before it, so nothing was done."))


def doubted(ending: Ending) -> Ending:
    """What `ending` of a repeated try says: it did not happen now, but it may have before."""
    if ending.status is not Status.FAILED:
        return ending
    earlier = _("An earlier try may have been done all the same.")
    return unknown(ending.code, f"{ending.text} {earlier}")


def reconciled(found: Reconciled, otherwise: Ending) -> Ending:
    """What the other side said about an earlier try; `otherwise` when it cannot tell."""
    if found.outcome == "executed":
        return executed(found.result)
    if found.outcome == "failed":
        said = found.result.get("message")
        return failed("reconciled", str(said or _("The other system says it did not happen.")))
    return otherwise


def finish(claim: Claim, ending: Ending) -> bool:
    """Record `ending` and return whether it counts.

    The answer of a holder that lost its lease still counts while nobody knows better.
    """
    with transaction.atomic():
        rows = ActionRequest.objects.select_for_update(of=("self",))
        request = rows.filter(pk=claim.request_id).first()
        if request is None or not _counts(request, claim, ending):
            return False
        changes: dict[str, object] = {"error_code": ending.code, "error_text": ending.text}
        changes["result"] = _result_of(request, ending)
        if not move(request, ending.status, **changes):
            return False
        trace(
            EVENT_OF_END[ending.status],
            request,
            actor=None,
            code=ending.code,
            reason=ending.text,
            attempt=request.attempts,
            is_late=request.fence != claim.fence,
        )
        return True


def _result_of(request: ActionRequest, ending: Ending) -> dict[str, JSON]:
    """A rollback adds to what the action gave back, so that nothing of the story is lost."""
    if request.state in {Status.ROLLING_BACK, Status.ROLLBACK_UNKNOWN}:
        return {**request.result, "rollback": ending.result}
    return ending.result


def _counts(request: ActionRequest, claim: Claim, ending: Ending) -> bool:
    if request.state in {Status.EXECUTING, Status.ROLLING_BACK}:
        return request.fence == claim.fence
    if claim.is_rollback:
        return request.state is Status.ROLLBACK_UNKNOWN and ending.status is Status.ROLLED_BACK
    if request.state is not Status.UNKNOWN or ending.status is Status.UNKNOWN:
        return False
    # "It did not happen" is about one attempt; with several, another may have had the effect.
    return ending.status is Status.EXECUTED or request.attempts == 1


def _kept(text: str) -> str:
    return redact(clean_text(text)).strip()[:MAX_ERROR]
