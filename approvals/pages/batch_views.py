"""Decides several requests at once: each by itself, with what became of it."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from approvals import services
from approvals.cards.withholding import sentence_for
from approvals.enums import Decision
from approvals.models import ActionRequest
from approvals.pages.forms import BatchForm
from atlas.accounts.models import User
from atlas.accounts.signed_in import person
from atlas.common.errors import AtlasError, BadInput

MOST = 100
_CHOSEN = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


@dataclass(frozen=True)
class Row:
    """What became of one request."""

    number: int
    is_done: bool
    sentence: str


@login_required
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Approve or reject what was selected, at most 100; one that is refused stops no other."""
    form = BatchForm(request.POST)
    try:
        if not form.is_valid():
            raise BadInput(" ".join(str(text) for texts in form.errors.values() for text in texts))
        chosen = _chosen(request.POST.getlist("request"))
    except BadInput as error:
        messages.error(request, error.user_message)
        return redirect("approvals:queue")
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    rows = [_row(number, digest, decision, reason, person(request)) for number, digest in chosen]
    done = sum(row.is_done for row in rows)
    return render(request, "approvals/batch.html", {"rows": rows, "done": done})


def _chosen(values: list[str]) -> list[tuple[int, str]]:
    """Number and hash of each request, once."""
    found = [match for value in values if (match := _CHOSEN.fullmatch(value))]
    if not found:
        raise BadInput(_("Select at least one request first."))
    if len(found) > MOST:
        raise BadInput(_("Select at most %(most)s requests at once.") % {"most": MOST})
    return list(dict.fromkeys((int(match[1]), match[2]) for match in found))


def _row(number: int, digest: str, decision: str, reason: str, by: User) -> Row:
    try:
        decided = _decided(number, digest, decision, reason, by)
    except AtlasError as error:
        return Row(number, False, error.user_message)
    return Row(number, True, sentence_for(decided, by))


def _decided(number: int, digest: str, decision: str, reason: str, by: User) -> ActionRequest:
    if decision == Decision.APPROVE:
        return services.approve(number, by=by, payload_hash=digest)
    return services.reject(number, by=by, payload_hash=digest, reason=reason)
