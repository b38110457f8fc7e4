"""Requests to undo what another one did, which move only together with that one."""

import django.db.models.deletion
from django.db import migrations, models

# A row's own contents never change. What it refers to may only go away.
BEFORE = [
    "kind",
    "action",
    "plugin_id",
    "verb",
    "summary",
    "payload",
    "payload_hash",
    "fingerprint",
    "contract",
    "delivery",
    "mode",
    "policy",
    "requester_name",
    "tool_call_id",
    "idempotency_key",
    "why",
    "untrusted",
    "version",
    "changes",
    "changed_by_name",
    "created_at",
]
UNCHANGEABLE = [*BEFORE, "undoes_id"]
MAY_GO_AWAY = ["requester_id", "conversation_id", "question_id", "origin_run_id", "supersedes_id"]

# Where the undone request has to stand when one to undo it comes to a status.
TOGETHER = """
    IF NEW.kind = 'rollback' THEN
        SELECT undone.status INTO original FROM approvals_actionrequest AS undone
        WHERE undone.id = NEW.undoes_id AND undone.kind = 'action';
        IF (NEW.status IN ('pending', 'approved', 'executing')
                AND original IS DISTINCT FROM 'executed')
            OR (NEW.status = 'executed' AND original IS DISTINCT FROM 'rolled_back')
            OR (NEW.status = 'failed' AND original IS DISTINCT FROM 'rollback_failed')
            OR (NEW.status = 'unknown' AND original IS DISTINCT FROM 'rollback_unknown')
            OR NEW.status IN ('superseded', 'rolling_back') OR (was = '' AND NEW.status <> 'pending')
        THEN
            RAISE EXCEPTION 'a request cannot be "%" while what it undoes is "%"',
                NEW.status, original USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.status = 'rolling_back' AND EXISTS (
        SELECT FROM approvals_actionrequest AS asked
        WHERE asked.undoes_id = NEW.id AND asked.status IN ('pending', 'approved')
    ) THEN
        RAISE EXCEPTION 'the roll back of request % waits for its own approval', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
"""

GUARD = """
CREATE OR REPLACE FUNCTION approvals_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := '';
    original text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD.status;
        IF CHANGED THEN
            RAISE EXCEPTION 'what request % asks for cannot be changed', OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.status = OLD.status THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = 'approved' AND NEW.mode <> 'auto' THEN
        RAISE EXCEPTION 'only a policy may file an approved request'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM approvals_allowed_move AS allowed
        WHERE allowed.before = was AND allowed.after = NEW.status
    ) THEN
        RAISE EXCEPTION 'a request cannot move from "%" to "%"', was, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
TOGETHER
    RETURN NEW;
END
$$
"""


def guard(unchangeable, together):
    new = ", ".join(f"NEW.{name}" for name in unchangeable)
    old = ", ".join(f"OLD.{name}" for name in unchangeable)
    gone = " ".join(
        f"OR (NEW.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})"
        for name in MAY_GO_AWAY
    )
    condition = f"({new}) IS DISTINCT FROM ({old}) {gone}"
    return GUARD.replace("CHANGED", condition).replace("TOGETHER", together)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0009_live_log")]

    operations = [
        migrations.AlterField(
            model_name="actionrequest",
            name="kind",
            field=models.CharField(
                choices=[("action", "action"), ("query", "query"), ("rollback", "roll back")],
                default="action",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="undoes",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rollback_requests",
                to="approvals.actionrequest",
            ),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="undo_asked",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddConstraint(
            model_name="actionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "rollback"), ("undoes__isnull", False))
                | ~models.Q(kind="rollback") & models.Q(undoes=None),
                name="request_undoes_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["approved", "executing", "pending"])),
                fields=("undoes",),
                name="request_undone_by_one",
            ),
        ),
        migrations.RunSQL(guard(UNCHANGEABLE, TOGETHER), guard(BEFORE, "")),
    ]
