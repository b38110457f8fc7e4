"""The audit log: plain append-only entries, what is personal in them, and the chain over them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from atlas.audit.querysets import AuditEntryManager


class AuditEntry(models.Model):
    """One fact, inserted in the transaction of the thing it records; never changed.

    People are kept as id and name without foreign keys, so that a deletion changes nothing.
    `txid` is the 64-bit id of the inserting transaction: the sealer uses it to know which
    entries can no longer be overtaken by a late commit. Names of people are in `AuditPersonal`
    under `actor_key` and `subject_key`; `objects` gives them as `actor_name` and `subject`.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    txid = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", ()))
    event = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    # Holds a name only in entries that were written before `actor_key` was there.
    plain_name = models.CharField(max_length=200, default="", db_column="actor_name")
    actor_key = models.CharField(max_length=64, default="", db_default="")
    conversation_id = models.UUIDField(null=True)
    plain_subject = models.CharField(max_length=200, default="", db_column="subject")
    subject_key = models.CharField(max_length=64, default="", db_default="")
    body = models.JSONField(default=dict)

    # Given by `objects`; they are no columns.
    actor_name: str
    subject: str

    app_privileges = ("SELECT", "INSERT")
    objects = AuditEntryManager()

    class Meta:
        verbose_name_plural = "audit entries"
        # Two more, on parts of `body`, are in the migration 0003.
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="audit_of_actor"),
            models.Index(fields=["conversation_id", "-id"], name="audit_of_conversation"),
            BrinIndex(fields=["at"], name="audit_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.event}"


class AuditPersonal(models.Model):
    """A name or an address that entries hold only as `key`, its salted hash.

    Deleting a row erases it for good: what is left in the chain cannot be turned back.
    """

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200)
    salt = models.BinaryField()

    app_privileges = ("SELECT", "INSERT")

    class Meta:
        indexes = [models.Index(fields=["text", "actor_id"], name="audit_personal_text")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:12]}"


class AuditSeal(models.Model):
    """The place of one entry in the hash chain: `digest` covers the entry and the seal before.

    `form` says how: see `atlas.audit.chain`.
    """

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now())
    form = models.SmallIntegerField(default=1, db_default=1)

    app_privileges = ("SELECT", "INSERT")

    def __str__(self) -> str:
        return str(self.number)
