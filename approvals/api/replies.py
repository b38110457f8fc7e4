"""Answers a repeated call as the first one, by the caller's `Idempotency-Key`."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _

from approvals.models import Reply
from atlas.accounts.models import User
from atlas.common.errors import BadInput

MAX_KEY = 200
KEPT = timedelta(hours=24)

Answer = tuple[int, Any]


def once(request: HttpRequest, caller: User, perform: Callable[[], Answer]) -> Answer:
    """Perform a call, or give the answer that the same call with the same key got before.

    Without the header it is always performed. A repeat that comes while the first call is still
    going waits for it. Raises `BadInput` for a key that was used for another call.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return perform()
    if len(key) > MAX_KEY or not key.isprintable():
        raise BadInput(_("An Idempotency-Key has at most 200 characters, all of them visible."))
    digest = _digest_of(request, caller)
    with transaction.atomic():
        reply, is_first = Reply.objects.get_or_create(
            user_id=caller.pk, key=key, defaults={"digest": digest}
        )
        if reply.digest != digest:
            raise BadInput(
                _("This Idempotency-Key was used for another call. Use a new one."),
                code="idempotency_key_reused",
            )
        if not is_first:
            return reply.status, reply.body
        status, body = perform()
        reply.status, reply.body = status, body
        reply.save(update_fields=["status", "body"])
    return status, body


def _digest_of(request: HttpRequest, caller: User) -> str:
    """What the call was, and with which rights: less of them must not get the answer to more."""
    rights = " ".join([caller.role, *sorted(caller.scopes)])
    line = f"{request.method} {request.get_full_path()} {rights}\n"
    return hashlib.sha256(line.encode() + request.body).hexdigest()


def delete_old() -> int:
    """Forget what was answered more than a day ago; returns how many."""
    return Reply.objects.filter(at__lt=Now() - KEPT).delete()[0]
