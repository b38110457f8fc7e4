"""Requests over HTTP for programs: list, look at, decide, and undo."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from approvals import services
from approvals.api.replies import Answer, once
from approvals.cards.beside import waiting_rollbacks
from approvals.cards.sentences import closing_sentence
from approvals.cards.withholding import as_seen_by
from approvals.deciding.delegation import Ballot, ballot_of, ballots_of
from approvals.deciding.standing import places_of
from approvals.enums import Kind, Status
from approvals.execution.rolling_back import roll_back
from approvals.history.search import Search, found_for
from approvals.models import ActionRequest
from atlas.accounts.models import User
from atlas.common.api import ApiModel, answered, api, body_of
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.jsonable import clean_text
from atlas.conversations.enums import Origin

PAGE_SIZE = 50
MOST_AT_ONCE = 100
HASH = r"^[0-9a-f]{64}$"


class Decided(ApiModel):
    """What every decision is bound to: the hash of exactly what was looked at."""

    payload_hash: str = Field(pattern=HASH)


class Rejected(Decided):
    """The same, with the reason that the asker and the agent read."""

    reason: str = Field(min_length=1, max_length=services.MAX_REASON)


class One(Decided):
    """One row of several."""

    id: int


class Bulk(ApiModel):
    """One decision about several requests; each is taken or refused by itself."""

    decision: Literal["approve", "reject"]
    reason: str = Field(default="", max_length=services.MAX_REASON)
    requests: list[One] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ActionOut(ApiModel):
    """A request as the caller may see it."""

    id: int
    kind: Kind
    version: int
    action: str
    plugin: str
    status: Status
    mode: str
    summary: str
    sentence: str
    arguments: dict[str, Any]
    payload_hash: str
    requester: str
    decided_by: str
    allow_rule: str
    reason: str
    result: dict[str, Any]
    error_code: str
    error_text: str
    reversible: bool
    supersedes: int | None
    undoes: int | None
    rollback_request: int | None
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None
    finished_at: datetime | None
    may_decide: bool
    may_decide_because: str


class Page(ApiModel):
    """The newest first, 50 at a time."""

    page: int
    pages: int
    count: int
    actions: list[ActionOut]


@api("GET")
def listing(request: HttpRequest) -> dict[str, Any]:
    """What the caller may see or decide; `waiting=1` leaves what to decide, the rest narrows."""
    caller = caller_of(request)
    rows = ActionRequest.objects.visible_to(caller)
    if request.GET.get("waiting") == "1":
        rows = ActionRequest.objects.decidable_by(caller)
    rows = found_for(rows, _wanted(request), caller)
    page = Paginator(rows.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    ballots = ballots_of(shown, caller, places_of(shown, caller))
    undoing = waiting_rollbacks([row.pk for row in shown])
    return Page(
        page=page.number,
        pages=page.paginator.num_pages,
        count=page.paginator.count,
        actions=[action_out(row, ballots[row.pk], undoing.get(row.pk)) for row in shown],
    ).model_dump(mode="json")


def _wanted(request: HttpRequest) -> Search:
    """What the address looks for; raises `BadInput` that names what it cannot be."""
    status = request.GET.get("status", "")
    if status and status not in Status.values:
        raise BadInput(_("The status is one of: %(all)s.") % {"all": ", ".join(Status.values)})
    return Search(
        q=clean_text(request.GET.get("q", "")),
        person=clean_text(request.GET.get("person", "")),
        action=clean_text(request.GET.get("action", "")),
        outcome=status,
        since=_day(request, "since"),
        until=_day(request, "until"),
    )


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(_("%(name)s is a day such as 2026-11-23.") % {"name": name}) from None


@api("GET")
def detail(request: HttpRequest, pk: int) -> dict[str, Any]:
    caller = caller_of(request)
    return _shown(services.get_visible(pk, caller), caller)


def decision(
    model: type[Decided], decide: Callable[[int, User, Any], ActionRequest]
) -> Callable[..., HttpResponse]:
    """An address that takes one decision, once per `Idempotency-Key`."""

    def taken(request: HttpRequest, caller: User, pk: int) -> dict[str, Any]:
        return _shown(decide(pk, caller, body_of(request, model)), caller)

    @api("POST")
    def endpoint(request: HttpRequest, pk: int) -> Answer:
        caller = caller_of(request)
        return once(request, caller, lambda: answered(taken, request, caller, pk))

    return endpoint


def _approve(pk: int, caller: User, body: Decided) -> ActionRequest:
    return services.approve(pk, by=caller, payload_hash=body.payload_hash)


def _reject(pk: int, caller: User, body: Rejected) -> ActionRequest:
    return services.reject(pk, by=caller, payload_hash=body.payload_hash, reason=body.reason)


def _roll_back(pk: int, caller: User, body: Decided) -> ActionRequest:
    return roll_back(pk, by=caller, payload_hash=body.payload_hash, origin=Origin.API)


approve = decision(Decided, _approve)
reject = decision(Rejected, _reject)
rollback = decision(Decided, _roll_back)


@api("POST")
def bulk(request: HttpRequest) -> Answer:
    """Decide up to 100 requests; the answer has one row for each, in their order."""
    caller = caller_of(request)
    return once(request, caller, lambda: answered(_each, request, caller))


def _each(request: HttpRequest, caller: User) -> dict[str, Any]:
    body = body_of(request, Bulk)
    if body.decision == "reject" and not body.reason:
        raise BadInput(_("Say why you reject them; the people who asked read it."))
    return {"results": [_row(one, body, caller) for one in body.requests]}


def _row(one: One, body: Bulk, caller: User) -> dict[str, Any]:
    def decide() -> dict[str, Any]:
        if body.decision == "approve":
            return _shown(_approve(one.id, caller, one), caller)
        rejected = Rejected(payload_hash=one.payload_hash, reason=body.reason)
        return _shown(_reject(one.id, caller, rejected), caller)

    status, answer = answered(decide)
    return {"id": one.id, "http_status": int(status), "answer": answer}


def action_out(
    request: ActionRequest, ballot: Ballot, rollback: ActionRequest | None = None
) -> ActionOut:
    """The request as who would cast `ballot` sees it; the right to see it was checked before.

    `rollback` is the request to undo it that waits for its approval, or to begin.
    """
    caller, verdict = ballot.voter, ballot.verdict
    request = as_seen_by(request, caller)
    return ActionOut(
        id=request.pk,
        kind=Kind(request.kind),
        version=request.version,
        action=request.action,
        plugin=request.plugin_id,
        status=request.state,
        mode=request.mode,
        summary=request.summary,
        sentence=closing_sentence(request),
        arguments=request.arguments,
        payload_hash=request.payload_hash,
        requester=request.requester_name,
        decided_by=request.decided_by_name,
        allow_rule=request.policy["allow_rule"]["name"] if request.allow_rule_id else "",
        reason=request.reason,
        result=request.result,
        error_code=request.error_code,
        error_text=request.error_text,
        reversible=bool(request.contract.get("reversible")),
        supersedes=request.supersedes_id,
        undoes=request.undoes_id,
        rollback_request=rollback.pk if rollback is not None else None,
        created_at=request.created_at,
        expires_at=request.expires_at,
        decided_at=request.decided_at,
        finished_at=request.finished_at,
        may_decide=request.state is Status.PENDING and verdict.allowed and caller.may_decide,
        may_decide_because=verdict.sentence,
    )


def caller_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowed(_("Only people and their API keys may do this. Sign in, or use a key."))
    return request.user


def _shown(request: ActionRequest, caller: User) -> dict[str, Any]:
    rollback = waiting_rollbacks([request.pk]).get(request.pk)
    return action_out(request, ballot_of(request, caller), rollback).model_dump(mode="json")
