"""Writes a checked proposal down as a request, once however often it is proposed."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from approvals.allow_rules.allowances import Passing
from approvals.enums import Delivery, Mode, Status
from approvals.errors import Conflict
from approvals.execution import holding
from approvals.filing.payloads import Payload, fields_of, make_payload
from approvals.filing.proposals import Proposal
from approvals.models import ActionRequest
from approvals.moves import in_future
from approvals.policies import Requirements
from approvals.rules.requirements import origin_of, requirements_for, snapshot_of
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.bus.notify import notify
from atlas.bus.topics import Topic
from atlas.common.errors import NotAllowed, NotFound
from atlas.common.jsonable import clean_text, jsonable
from atlas.conversations.enums import RunStatus
from atlas.conversations.models import Message, Run
from atlas.datasources.seeing import seen_in
from plugins_app.host.facets.actions import RegisteredAction
from plugins_app.sdk import Preview

MAX_SUMMARY = 1000


@dataclass(frozen=True)
class Checked:
    """A proposal whose arguments fit the action, with the words that describe it."""

    proposal: Proposal
    action: RegisteredAction
    arguments: dict[str, object]
    summary: str
    preview: Preview


@dataclass(frozen=True)
class Draft:
    """A request but for who asks, and how strictly it is decided, which depends on who asks."""

    proposal: Proposal
    payload: Payload
    columns: Mapping[str, object]
    requirements: Callable[[User], Requirements]


def file_request(checked: Checked) -> ActionRequest:
    """Store the request and return it; the same proposal again gives the request of the first time.

    A continuation of an interrupted run proposes under new tool calls: what the question's
    earlier runs proposed with equal contents counts as the same. Raises `NotAllowed` when the
    asker may not ask any more, `Conflict` when the run was taken over by another process.
    """
    payload = make_payload(
        checked.action.spec.name, checked.arguments, checked.proposal.attachments
    )
    required = functools.partial(
        requirements_for,
        checked.action,
        checked.arguments,
        untrusted=checked.proposal.untrusted,
        origin=origin_of(checked.proposal.run_id),
        # No rule knows what is in an attachment.
        passing=Passing.BY_NAME if checked.proposal.attachments else Passing.YES,
    )
    return file_draft(Draft(checked.proposal, payload, _description(checked, payload), required))


def file_draft(draft: Draft) -> ActionRequest:
    """Store a request of any kind; raises as `file_request` does."""
    with transaction.atomic():
        run = _proposing_run(draft.proposal)
        if run.asked_by is None or not run.asked_by.may_ask:
            raise NotAllowed(_("You may not propose actions. Ask an admin for the role analyst."))
        known = _filed_before(run, draft)
        return known if known is not None else _insert(run, run.asked_by, draft)


def _proposing_run(proposal: Proposal) -> Run:
    run = Run.objects.select_related("asked_by").filter(pk=proposal.run_id).first()
    if run is None:
        raise NotFound(_("This run does not exist any more."))
    # Two runs of one question may propose the same at once: the second waits, and finds it.
    Message.objects.select_for_update(no_key=True).filter(pk=run.question_id).first()
    if proposal.fence is not None:
        run.refresh_from_db(fields=["fence", "status"])
        if (run.fence, run.status) != (proposal.fence, RunStatus.RUNNING):
            raise Conflict(_("This answer is written by another process now."), code="run_lost")
    return run


def _filed_before(run: Run, draft: Draft) -> ActionRequest | None:
    equal = ActionRequest.objects.filter(
        question_id=run.question_id,
        action=draft.proposal.action,
        payload_hash=draft.payload.digest,
    )
    of_this_call = equal.filter(tool_call_id=draft.proposal.tool_call_id)
    return of_this_call.first() or equal.exclude(origin_run_id=run.pk).order_by("id").first()


def _insert(run: Run, asker: User, draft: Draft) -> ActionRequest:
    required = draft.requirements(asker)
    is_auto = required.mode is Mode.AUTO
    request = ActionRequest(
        **draft.columns,
        why={**why_of(draft.proposal), "seen": seen_in(run.conversation_id)},
        mode=required.mode,
        policy=snapshot_of(required),
        turn=required.turn,
        requester=asker,
        requester_name=str(asker),
        conversation_id=run.conversation_id,
        question_id=run.question_id,
        origin_run=run,
        tool_call_id=draft.proposal.tool_call_id,
        status=Status.APPROVED if is_auto else Status.PENDING,
        awaited=is_auto,
        expires_at=in_future(required.time_to_decide),
        decided_at=Now() if is_auto else None,
        run_before=in_future(required.time_to_run) if is_auto else None,
    )
    try:
        with transaction.atomic():
            holding.check_room(request)
            request.save(force_insert=True)
            request.refresh_from_db()
            trace(AuditEvent.REQUEST_PROPOSED, request, actor=asker)
            notify(Topic.APPROVALS, str(request.pk))
    except IntegrityError:
        known = _filed_before(run, draft)
        if known is None:
            raise
        return known
    return request


def _description(checked: Checked, payload: Payload) -> dict[str, object]:
    spec, proposal = checked.action.spec, checked.proposal
    return {
        "action": spec.name,
        "plugin_id": checked.action.plugin_id,
        "verb": spec.verb or spec.name,
        "delivery": Delivery(spec.delivery),
        "untrusted": proposal.untrusted,
        **contents_of(checked.action, payload, checked.summary, checked.preview),
    }


def why_of(proposal: Proposal) -> dict[str, object]:
    """The snapshot of the reason as it is kept."""
    return {name: clean_text(text) for name, text in asdict(proposal.why).items()}


def contents_of(
    action: RegisteredAction, payload: Payload, summary: str, preview: Preview
) -> dict[str, object]:
    """The columns that say what exactly would be done, and under which contract."""
    return {
        "summary": clean_text(summary)[:MAX_SUMMARY],
        "payload": payload.text,
        "payload_hash": payload.digest,
        "fingerprint": action.fingerprint,
        "contract": {
            "plugin_version": action.plugin_version,
            "data_fields": list(action.spec.data_fields),
            "reversible": action.spec.reversible,
            "fields": fields_of(action.spec.arguments.model_json_schema()),
            "preview": jsonable(asdict(preview)),
        },
    }
