"""Approves a request with other arguments: as a new version that replaces what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.cards.fields import changes_between
from approvals.cards.withholding import check_whole
from approvals.deciding import ballots
from approvals.deciding.delegation import Ballot, ballot_of
from approvals.enums import Kind, Status
from approvals.errors import Conflict
from approvals.execution.attached import files_of
from approvals.filing.payloads import Payload, make_payload, tables_of
from approvals.filing.proposing import previewed, validated
from approvals.filing.requests import contents_of
from approvals.models import ActionRequest
from approvals.policies import Requirements
from approvals.rules.groups import joined, total
from approvals.rules.requirements import requirements_for, snapshot_of
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.db import in_db
from atlas.common.errors import BadInput
from plugins_app.host.facets import actions
from plugins_app.host.facets.actions import RegisteredAction
from plugins_app.sdk import Preview

KEPT = [
    "kind",
    "action",
    "plugin_id",
    "verb",
    "delivery",
    "why",
    "untrusted",
    "requester",
    "requester_name",
    "conversation",
    "question",
    "origin_run",
    "tool_call_id",
    "expires_at",
]


@dataclass(frozen=True)
class _Change:
    """Other arguments that fit the action, with the words that describe them."""

    action: RegisteredAction
    arguments: dict[str, object]
    summary: str
    preview: Preview


def action_of(request: ActionRequest) -> RegisteredAction:
    """Return the action that is asked for; raises `Conflict` when its plugin is gone."""
    action = actions.find(request.action)
    if action is None or action.plugin_id != request.plugin_id:
        raise Conflict(
            _("The action is not available any more. Reject the request, or enable its plugin."),
            code="action_gone",
        )
    return action


async def approve_with_changes(
    request_id: int, *, by: User, payload_hash: str, arguments: Mapping[str, object]
) -> ActionRequest:
    """Replace the request by a version with `arguments`, approved by this person; return it.

    Votes on the old version do not count for the new one. When the other arguments call for a
    stricter decision than this person may take, the new version waits for others, and where a
    rule wants two people it always waits for one more. Raises as
    `services.approve` does, and `BadInput` for arguments that do not fit or change nothing.
    """
    # Before the plugin's code sees a value: only who may decide may make it work.
    request = await in_db(_checked, request_id, by, payload_hash)
    action = action_of(request)
    fitting = await validated(action, arguments)
    change = _Change(
        action,
        fitting.model_dump(mode="json"),
        await actions.summary(action, fitting),
        await previewed(action, fitting, files_of(request)),
    )
    return await in_db(_replace, request_id, by, payload_hash, change)


def _checked(request_id: int, by: User, payload_hash: str) -> ActionRequest:
    with transaction.atomic():
        request, voter = ballots.locked(request_id, by)
        ballots.check_ballot(request, voter, payload_hash)
        if request.kind == Kind.ROLLBACK:
            raise Conflict(_("A roll back cannot be changed. Approve or reject it as it is."))
        check_whole(request, voter)
    return request


def _replace(request_id: int, by: User, payload_hash: str, change: _Change) -> ActionRequest:
    with transaction.atomic():
        old, voter = ballots.locked(request_id, by)
        ballot = ballots.check_ballot(old, voter, payload_hash)
        payload = make_payload(old.action, change.arguments, tables_of(old.contents))
        if payload.digest == old.payload_hash:
            raise BadInput(_("Nothing is different. Approve the request as it is, or change it."))
        new = _next_version(old, ballot, payload, change)
        # The new one first: an open request keeps the follow-up of the run from being queued.
        ballots.close(old, Status.SUPERSEDED, by=ballot)
        labels = [one["label"] for one in new.changes]
        trace(
            AuditEvent.REQUEST_CHANGED,
            new,
            actor=voter,
            replaces=old.pk,
            changed=labels,
            **ballot.traced,
        )
        again = ballot_of(new, voter)
        if again.verdict.allowed:
            ballots.cast_approval(new, again)
        else:
            ballots.announce(new)
    return new


def _next_version(
    old: ActionRequest, ballot: Ballot, payload: Payload, change: _Change
) -> ActionRequest:
    if old.requester is None:
        raise Conflict(
            _("Who asked for this is gone, so it can only be approved or rejected as it is.")
        )
    required = requirements_for(
        change.action,
        change.arguments,
        old.requester,
        untrusted=old.untrusted,
        origin=old.origin,
    )
    required = _by_two(required) if required.two_person else required
    new = ActionRequest(
        **{name: getattr(old, name) for name in KEPT},
        **contents_of(change.action, payload, change.summary, change.preview),
        # What a person was asked to decide is not handed to a policy by changing it.
        mode=max(required.mode, old.as_mode, key=lambda mode: mode.strictness),
        policy=snapshot_of(required),
        turn=required.turn,
        version=old.version + 1,
        supersedes=old,
        changes=changes_between(old, change.arguments),
        changed_by_name=ballot.name,
        status=Status.PENDING,
    )
    new.save(force_insert=True)
    new.refresh_from_db()
    return new


def _by_two(required: Requirements) -> Requirements:
    """What is asked of a version of somebody who may not decide alone either.

    Who asked for something else has not seen it, so the one who wrote it is only the first.
    """
    steps = joined(required.steps, at_least=2)
    return replace(required, steps=steps, approvals=total(steps) or max(required.approvals, 2))
