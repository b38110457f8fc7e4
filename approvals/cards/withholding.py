"""A request as one person may see it, without what may come from rows or columns hidden there."""

import copy
import hashlib
import secrets
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from approvals.cards.sentences import closing_sentence
from approvals.enums import Kind, Status
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.common.errors import NotAllowed
from atlas.datasources.seeing import may_see

# Among the reasons of a request that is shown, that some of it is not.
WITHHELD = "withheld"


def as_seen_by(request: ActionRequest, viewer: User) -> ActionRequest:
    """Return the request itself, or a copy to show, without what may come from hidden data.

    What a conversation had read when it was proposed is kept with the request. Where the person
    would not see the same rows of it, or would see a column masked, the answer's sentence, rows of
    attachments, and arguments that may hold values of data are withheld. The copy keeps the
    number of what would run, and has a seal of its hash instead: with the hash itself a value
    that is withheld could be guessed and compared. It must not be saved.
    """
    if may_see(viewer, request.why.get("seen", ())):
        return request
    shown = copy.copy(request)
    hidden = _hidden_fields(request)
    arguments = {
        name: withheld() if name in hidden and value else value
        for name, value in request.arguments.items()
    }
    attachments = [
        {**table, "rows": [[withheld()] * len(table["columns"])]} for table in request.attachments
    ]
    shown.__dict__["contents"] = {
        **request.contents,
        "arguments": arguments,
        "attachments": attachments,
    }
    shown.policy = {**request.policy, "reasons": [*request.policy.get("reasons", []), WITHHELD]}
    shown.payload_hash = _seal(request)
    _hide_words(shown, request, hidden)
    return shown


def is_named_by(request: ActionRequest, said: str) -> bool:
    """Whether a hash is that of what the request asks for, or its seal as `as_seen_by` shows it."""
    return any(
        secrets.compare_digest(one.encode(), said.encode())
        for one in (request.payload_hash, _seal(request))
    )


def sentence_for(request: ActionRequest, viewer: User) -> str:
    """The closing sentence, without what the viewer may not see."""
    return closing_sentence(as_seen_by(request, viewer))


def holds_hidden(request: ActionRequest) -> bool:
    """Whether it says something that whoever may not see the data behind it is not shown."""
    return any(request.arguments.get(name) for name in _hidden_fields(request))


def hides(request: ActionRequest, viewer: User, names: Collection[str]) -> bool:
    """Whether one of these arguments is withheld from the viewer."""
    hidden = _hidden_fields(request)
    is_asked = any(name in hidden and request.arguments.get(name) for name in names)
    return is_asked and not may_see(viewer, request.why.get("seen", ()))


def check_whole(request: ActionRequest, person: User) -> None:
    """Raise `NotAllowed` for whoever would change what that person does not see."""
    if as_seen_by(request, person) is not request:
        raise NotAllowed(
            _("Some of it is withheld from you: you may approve or reject it, but not change it.")
        )


def withheld() -> str:
    """What stands in the place of a value that a person may not see."""
    return _("(withheld from you)")


def _seal(request: ActionRequest) -> str:
    """Changes with the hash, and tells nothing of it without the request's own secret number."""
    return hashlib.sha256(f"{request.idempotency_key}:{request.payload_hash}".encode()).hexdigest()


def _hidden_fields(request: ActionRequest) -> Collection[str]:
    fields = request.contract.get("data_fields")
    return list(request.arguments) if fields is None else fields


def _hide_words(shown: ActionRequest, request: ActionRequest, hidden: Collection[str]) -> None:
    """Leave out every text that a plugin or a model may have made of the hidden values."""
    labels = {
        field["label"] for field in request.contract.get("fields", []) if field["name"] in hidden
    }
    if holds_hidden(request):
        # A text may hold a value shortened or written in another way, so none is searched for it.
        shown.summary = f"{request.verb} {withheld()}"
    # A roll back may give back what its plugin had been attached.
    if holds_hidden(request) or request.attachments or request.kind == Kind.ROLLBACK:
        _hide_outcome(shown, request)
    if shown.why.get("answer_sentence"):
        shown.why = {**request.why, "answer_sentence": withheld()}
    shown.changes = [_without_values(change, labels) for change in request.changes]
    shown.log = withheld() if request.log else ""
    preview = {"text": withheld(), "warnings": []}
    shown.contract = {**request.contract, "preview": preview}


def _hide_outcome(shown: ActionRequest, request: ActionRequest) -> None:
    """Leave out what the action gave back or said; why it lapsed are Atlas's own words."""
    if request.result:
        shown.result = {"message": withheld()}
    if request.error_text and request.state is not Status.LAPSED:
        shown.error_text = withheld()


def _without_values(change: dict[str, Any], labels: Collection[str]) -> dict[str, Any]:
    if change["label"] not in labels:
        return change
    return {**change, "before": withheld(), "after": withheld()}
