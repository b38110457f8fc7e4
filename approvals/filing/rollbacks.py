"""Files the request to undo what another one did, where the policy wants that approved too."""

import hashlib
import json

from django.utils.translation import gettext as _

from approvals.cards.sentences import ended
from approvals.enums import Kind
from approvals.execution.results import described_result
from approvals.filing.payloads import Payload, digest_of
from approvals.filing.requests import MAX_SUMMARY
from approvals.models import ActionRequest
from approvals.moves import in_future
from approvals.policies import Requirements
from approvals.rules.requirements import snapshot_of
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.jsonable import clean_text

MAX_VERB = 60
# What a request takes over from the one that it undoes.
KEPT = ["action", "plugin_id", "delivery", "why", "conversation"]


def file_rollback(undone: ActionRequest, asker: User, required: Requirements) -> ActionRequest:
    """Store the request; call it in the transaction that holds the lock on what is undone.

    It belongs to the conversation, but to no run: no answer waits for it.
    """
    payload = payload_of(undone)
    request = ActionRequest(
        **{name: getattr(undone, name) for name in KEPT},
        kind=Kind.ROLLBACK,
        undoes=undone,
        verb=(_("Undo “%(verb)s”") % {"verb": undone.verb})[:MAX_VERB],
        summary=clean_text(_summary(undone))[:MAX_SUMMARY],
        payload=payload.text,
        payload_hash=payload.digest,
        fingerprint=fingerprint_of(undone),
        contract=_contract(undone),
        mode=required.mode,
        policy=snapshot_of(required),
        turn=required.turn,
        requester=asker,
        requester_name=str(asker),
        tool_call_id=f"undo {undone.pk}",
        expires_at=in_future(required.time_to_decide),
    )
    request.save(force_insert=True)
    request.refresh_from_db()
    trace(AuditEvent.REQUEST_PROPOSED, request, actor=asker)
    for number in (request.pk, undone.pk):
        notify(Topic.APPROVALS, str(number))
    return request


def payload_of(undone: ActionRequest) -> Payload:
    """What exactly is undone: the request by number and hash, and what the action gave back.

    The plugin is given that result and nothing else, so an approval is bound to it.
    """
    result = json.dumps(undone.result, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    contents = {
        "action": undone.action,
        "arguments": undone.arguments,
        "attachments": [],
        "undoes": {
            "request": undone.pk,
            "payload_hash": undone.payload_hash,
            "result_hash": digest_of(result),
        },
    }
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Payload(text, digest_of(text))


def fingerprint_of(undone: ActionRequest) -> str:
    """The contract of undoing; never that of the action, so that nothing takes one for the other.

    A server of the version before would carry out what it takes for an action.
    """
    return hashlib.sha256(f"undo {undone.fingerprint}".encode()).hexdigest()


def _summary(undone: ActionRequest) -> str:
    words = {"number": undone.pk, "summary": undone.summary}
    return _("Undo request %(number)s: %(summary)s") % words


def _contract(undone: ActionRequest) -> dict[str, object]:
    """What the card needs beside the arguments, and what of it may come from data."""
    return {
        "reversible": False,
        "plugin_version": undone.contract.get("plugin_version", ""),
        "data_fields": undone.contract.get("data_fields"),
        "fields": undone.contract.get("fields", []),
        "preview": {"text": takes_back(undone), "warnings": []},
    }


def takes_back(undone: ActionRequest) -> str:
    """What the plugin is asked to take back, from what the action said that it did."""
    words = {"number": undone.pk, "plugin": undone.plugin_id}
    asked = _("The plugin “%(plugin)s” is asked to take back what request %(number)s did.") % words
    result = described_result(undone)
    if not result:
        return asked
    did = _("It gave back: %(result)s") % {"result": result}
    return f"{asked} {ended(did)}"
