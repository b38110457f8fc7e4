"""Tables of conversations, messages, runs and run events."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from atlas.conversations.enums import Author, EventKind, Origin, RunKind, RunStatus
from atlas.conversations.querysets import ConversationQuerySet, RunQuerySet


class Conversation(models.Model):
    """A thread of messages; who may see it is decided by its participants alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Participant", related_name="conversations"
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-touched_at"]
        indexes = [models.Index(fields=["-touched_at"], name="conversation_newest")]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """A person's place in a conversation; the owner is the first one."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="participations"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations"
    )
    is_owner = models.BooleanField(default=False)
    may_write = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="participant_once"),
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(is_owner=True), name="one_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


class Message(models.Model):
    """What a person or the assistant said; messages form a tree by `parent`.

    An assistant's message is empty until its run ends; until then its text is in the events.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    author = models.CharField(max_length=10, choices=Author)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    text = models.TextField(default="")
    parts = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["conversation", "created_at"], name="message_in_order")]

    def __str__(self) -> str:
        return self.text[:40]


class Run(models.Model):
    """One execution of the agent. A queued row is the queue; `fence` grows with each claim.

    Runs that continue one another share the answer: its text is theirs, joined in order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    question = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="runs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    kind = models.CharField(max_length=12, choices=RunKind, default=RunKind.QUESTION)
    origin = models.CharField(
        max_length=8, choices=Origin, default=Origin.CHAT, db_default=Origin.CHAT.value
    )
    continues = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="continuation"
    )
    follows_up = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, related_name="follow_up"
    )
    status = models.CharField(max_length=12, choices=RunStatus, default=RunStatus.QUEUED)
    stop_requested = models.BooleanField(default=False)
    fence = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=60, default="")
    lease_until = models.DateTimeField(null=True)
    semantic_version_id = models.BigIntegerField(null=True)
    # Whether the model was given something that strangers may have written (atlas.agent.trust).
    untrusted = models.BooleanField(default=False)
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at"],
                name="run_queue",
                condition=models.Q(status=RunStatus.QUEUED),
            ),
            models.Index(
                fields=["lease_until"],
                name="run_leases",
                condition=models.Q(status=RunStatus.RUNNING),
            ),
            models.Index(fields=["-queued_at"], name="run_newest"),
            models.Index(
                fields=["finished_at"],
                name="run_ended_badly",
                condition=models.Q(status__in=[RunStatus.FAILED, RunStatus.INTERRUPTED]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="run_status_known", condition=models.Q(status__in=RunStatus.values)
            ),
            models.CheckConstraint(
                name="run_finished_when_final",
                condition=models.Q(
                    status__in=[RunStatus.QUEUED, RunStatus.RUNNING], finished_at=None
                )
                | (
                    ~models.Q(status__in=[RunStatus.QUEUED, RunStatus.RUNNING])
                    & models.Q(finished_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"


class RunEvent(models.Model):
    """A numbered fact about a run, as it was sent to whoever watched; at most 64 kB."""

    pk = models.CompositePrimaryKey("run_id", "seq")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=EventKind)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["at"], name="run_event_age")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.seq} {self.kind}"
