"""Tables of action requests, and of the moves between their states that the database allows."""

import functools
import json
import uuid
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.allow_rules.models import AllowRule as AllowRule
from approvals.api.models import Reply as Reply
from approvals.deciding.models import Vote as Vote
from approvals.enums import OPEN, Delivery, Kind, Mode, Status
from approvals.querysets import ActionRequestQuerySet
from approvals.rules.groups import Step
from atlas.conversations.enums import Origin
from atlas.conversations.models import Conversation, Message, Run


class ActionRequest(models.Model):
    """Something the agent proposed: exactly what would happen, and what became of it.

    `payload` is canonical JSON of action, arguments and attachments, and `payload_hash` its
    SHA-256; the database refuses any change to them, and every move outside the allowed ones.
    A changed request is a new row with the next version, which `supersedes` the old one and says
    in `changes` (label, before, after) what is different. A request of the kind rollback `undoes`
    another one that was executed. An approved row is the queue of the
    executor; `fence` grows with each claim.
    """

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ACTION)
    action = models.CharField(_("action"), max_length=64)
    plugin_id = models.CharField(_("plugin"), max_length=64)
    verb = models.CharField(max_length=60)
    summary = models.TextField(_("summary"))
    payload = models.TextField()
    payload_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    contract = models.JSONField(default=dict)
    delivery = models.CharField(max_length=12, choices=Delivery, default=Delivery.ONCE)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode)
    policy = models.JSONField(default=dict)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="requests"
    )
    requester_name = models.CharField(_("asked by"), max_length=200)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, related_name="requests"
    )
    question = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    origin_run = models.ForeignKey(
        Run, on_delete=models.SET_NULL, null=True, related_name="requests"
    )
    tool_call_id = models.CharField(max_length=200)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="superseded_by"
    )
    # Of a request to roll back, the one whose effect it undoes.
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="rollback_requests"
    )
    changes = models.JSONField(default=list)
    changed_by_name = models.CharField(max_length=200, default="")
    why = models.JSONField(default=dict)
    untrusted = models.BooleanField(default=False)

    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    version = models.PositiveSmallIntegerField(default=1)
    awaited = models.BooleanField(default=False)
    # Of groups that decide in steps, the one whose turn it is. The defaults are also those of the
    # database, so that a server of the version before can file requests.
    turn = models.CharField(max_length=80, default="", db_default="")
    held_until = models.DateTimeField(null=True)
    held_because = models.TextField(default="", db_default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_by_name = models.CharField(_("decided by"), max_length=200, default="")
    reason = models.TextField(_("reason"), default="")
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, default="")
    error_text = models.TextField(default="")

    created_at = models.DateTimeField(_("asked at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    run_before = models.DateTimeField(null=True)
    executing_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    # The groups whose people may decide it as well, because nobody else has.
    escalated_to = models.JSONField(default=list, db_default=[])
    # From then on every admin may decide it, because nobody else has.
    escalated_at = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=60, default="")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    log = models.TextField(default="", db_default="")
    # Who asked for its roll back without an approval of its own, and which way.
    undo_asked = models.JSONField(default=dict, db_default={})

    objects = ActionRequestQuerySet.as_manager()
    app_privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("action request")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "action", "payload_hash", "tool_call_id", "version"],
                name="request_proposed_once",
            ),
            models.CheckConstraint(
                name="request_status_known", condition=models.Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="request_mode_known", condition=models.Q(mode__in=Mode.values)
            ),
            models.CheckConstraint(
                name="request_undoes_one",
                condition=models.Q(kind=Kind.ROLLBACK, undoes__isnull=False)
                | ~models.Q(kind=Kind.ROLLBACK) & models.Q(undoes=None),
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                name="request_undone_by_one",
                condition=models.Q(status__in=sorted(OPEN)),
            ),
            models.CheckConstraint(
                name="request_runs_only_when_decided",
                condition=~models.Q(
                    status__in=[
                        Status.APPROVED,
                        Status.EXECUTING,
                        Status.EXECUTED,
                        Status.FAILED,
                        Status.UNKNOWN,
                    ],
                    decided_at=None,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="request_waiting",
                condition=models.Q(status=Status.PENDING),
            ),
            models.Index(fields=["created_at"], name="request_asked"),
            models.Index(fields=["finished_at"], name="request_ended"),
            models.Index(
                KeyTransform("id", KeyTransform("allow_rule", "policy")),
                name="request_passed_by_rule",
                condition=models.Q(mode=Mode.AUTO),
            ),
            models.Index(
                fields=["lease_until"],
                name="request_queue",
                condition=models.Q(status__in=[Status.APPROVED, Status.EXECUTING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def as_mode(self) -> Mode:
        return Mode(self.mode)

    @functools.cached_property
    def contents(self) -> dict[str, Any]:
        """The payload as data: action, arguments and attachments."""
        return cast(dict[str, Any], json.loads(self.payload))

    @property
    def is_two_person(self) -> bool:
        """Whether the requester may not decide it."""
        return bool(self.policy.get("two_person"))

    @property
    def approvals_needed(self) -> int:
        """How many people must approve before it runs."""
        return int(self.policy.get("approvals", 1))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The groups that decide one after the other; empty where one decision is enough."""
        steps = self.policy.get("steps", [])
        return tuple(Step(one["group"], one["approvals"]) for one in steps)

    @property
    def mode_words(self) -> str:
        """Who decides it, as cards say it."""
        is_in_steps = bool(self.steps) and self.mode == Mode.MANUAL
        return str(_("by groups in steps") if is_in_steps else self.as_mode.label)

    @property
    def allow_rule_id(self) -> int | None:
        """The number of the allow rule that let it pass, where one did."""
        rule = self.policy.get("allow_rule")
        return int(rule["id"]) if rule and self.mode == Mode.AUTO else None

    @property
    def origin(self) -> Origin:
        """Which way the question came that led to it."""
        return Origin(self.policy.get("origin", Origin.CHAT))

    @property
    def time_to_run(self) -> timedelta:
        """How long an approval stays good."""
        return timedelta(seconds=float(self.policy["time_to_run_s"]))

    @property
    def arguments(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.contents["arguments"])

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """Each with `name`, `columns` and `rows`."""
        return cast(list[dict[str, Any]], self.contents["attachments"])


class Comment(models.Model):
    """What a person said about a request; kept when the person is deleted."""

    request = models.ForeignKey(ActionRequest, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    app_privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"


class Halt(models.Model):
    """An admin's order to stop all agents and executions; at most one is in force."""

    reason = models.TextField(_("reason"))
    ordered_by_name = models.CharField(_("ordered by"), max_length=200)
    ordered_at = models.DateTimeField(_("ordered at"), db_default=Now())
    lifted_by_name = models.CharField(_("lifted by"), max_length=200, default="")
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    in_force = models.BooleanField(_("in force"), default=True)

    app_privileges = ("SELECT", "INSERT", "UPDATE")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("stop order")
        verbose_name_plural = _("stop orders")
        constraints = [
            models.UniqueConstraint(
                fields=["in_force"], condition=models.Q(in_force=True), name="one_halt_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class AllowedMove(models.Model):
    """The database's copy of `transitions.ALLOWED_MOVES`, read by the trigger on requests.

    An empty `before` stands for a new row. Not managed by Django, so that no flush empties it.
    """

    pk = models.CompositePrimaryKey("before", "after")
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)

    app_privileges = ("SELECT",)

    class Meta:
        managed = False
        db_table = "approvals_allowed_move"

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
