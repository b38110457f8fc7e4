"""The audit log: plain append-only entries, and the chain that seals them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """One fact, inserted in the transaction of the thing it records; never changed.

    People are kept as id and name without foreign keys, so that a deletion changes nothing.
    `txid` is the 64-bit id of the inserting transaction: the sealer uses it to know which
    entries can no longer be overtaken by a late commit.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    txid = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", ()))
    event = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, default="")
    conversation_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=200, default="")
    body = models.JSONField(default=dict)

    app_privileges = ("SELECT", "INSERT")

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["actor_id", "-at"], name="audit_by_actor"),
            models.Index(fields=["conversation_id", "-at"], name="audit_by_conversation"),
            BrinIndex(fields=["at"], name="audit_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.event}"


class AuditSeal(models.Model):
    """The place of one entry in the hash chain: `digest` covers the entry and the seal before."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now())

    app_privileges = ("SELECT", "INSERT")

    def __str__(self) -> str:
        return str(self.number)
