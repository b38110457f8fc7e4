"""Versions of the semantic layer and results kept for paging, export and charts."""

import uuid

from django.db import models
from django.db.models.functions import Now

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
    """The rows of one query as JSON-safe values, kept until `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation_id = models.UUIDField(null=True)
    datasource = models.CharField(max_length=80)
    sql = models.TextField()
    columns = models.JSONField()
    rows = models.JSONField()
    row_count = models.PositiveIntegerField()
    truncated = models.BooleanField(default=False)
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
