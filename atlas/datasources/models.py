"""Versions of the semantic layer, kept results, running queries, and approvals of queries."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from atlas.conversations.models import Conversation
from atlas.datasources.querysets import StoredResultQuerySet


class SemanticVersion(models.Model):
    """One compiled semantic layer; the newest row of a datasource is in force.

    A run keeps the version that it started with. `layer` is `SemanticLayer.to_json()`.
    """

    id = models.BigAutoField(primary_key=True)
    datasource = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    layer = models.JSONField()
    loaded_at = models.DateTimeField(db_default=Now())
    loaded_by = models.CharField(max_length=200, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["datasource", "-id"], name="semantic_newest")]

    def __str__(self) -> str:
        return f"{self.datasource} {self.digest[:12]}"


class StoredResult(models.Model):
    """The rows of one query as JSON-safe values, kept until `expires_at`.

    `seen` says what they were made of and how their asker saw it (`seeing.seen_by`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation_id = models.UUIDField(null=True)
    datasource = models.CharField(max_length=80)
    sql = models.TextField()
    columns = models.JSONField()
    rows = models.JSONField()
    row_count = models.PositiveIntegerField()
    truncated = models.BooleanField(default=False)
    seen = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    objects = StoredResultQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="result_expiry"),
            models.Index(fields=["conversation_id"], name="result_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.row_count} rows of {self.datasource}"


class PastReading(models.Model):
    """What results that are not kept any more were made of, each kind once in a conversation.

    Their values go on standing in its answers, from which something can still be proposed.
    """

    # The constraint's index begins with it.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seen = models.JSONField()
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "digest"], name="past_reading_once")
        ]

    def __str__(self) -> str:
        return f"read in {self.conversation_id}"


class ResultLines(models.Model):
    """Some of the CSV lines of a result of very many rows, made when it was stored."""

    # The constraint's index begins with it.
    result = models.ForeignKey(
        StoredResult, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "position"], name="result_lines_in_order")
        ]

    def __str__(self) -> str:
        return f"lines {self.position} of {self.result_id}"


class QuerySlot(models.Model):
    """A place that one running query holds; a holder that is gone does not prolong `until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.BigIntegerField()
    datasource = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"person {self.person_id} on {self.datasource}"


class QueryGrant(models.Model):
    """An approval of one sensitive query: it runs once, as it was approved, or not at all.

    `request_id` is the request that was approved. `intent_id` is the audit entry of the run that
    consumed it.
    """

    id = models.BigAutoField(primary_key=True)
    request_id = models.BigIntegerField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    datasource = models.CharField(max_length=80)
    sql_hash = models.CharField(max_length=64)
    policy_version = models.CharField(max_length=64)
    semantic_version = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True)
    intent_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"request {self.request_id} on {self.datasource}"
