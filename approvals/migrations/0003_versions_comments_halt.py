"""Changed requests as new versions, comments, and the order to stop everything."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# A row's own contents never change. What it refers to may only go away.
UNCHANGEABLE = [
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
MAY_GO_AWAY = ["requester_id", "conversation_id", "question_id", "origin_run_id", "supersedes_id"]


GUARD = """
CREATE OR REPLACE FUNCTION approvals_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := '';
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
    RETURN NEW;
END
$$
"""


def guard(unchangeable, may_go_away):
    new = ", ".join(f"NEW.{name}" for name in unchangeable)
    old = ", ".join(f"OLD.{name}" for name in unchangeable)
    gone = " ".join(
        f"OR (NEW.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})"
        for name in may_go_away
    )
    condition = f"({new}) IS DISTINCT FROM ({old}) {gone}"
    return GUARD.replace("CHANGED", condition)


NEW_COLUMNS = {"changes", "changed_by_name", "supersedes_id"}
WITHOUT_VERSIONS = guard(
    [name for name in UNCHANGEABLE if name not in NEW_COLUMNS],
    [name for name in MAY_GO_AWAY if name not in NEW_COLUMNS],
)


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0002_guard_moves"),
        ("conversations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Halt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("ordered_by_name", models.CharField(max_length=200)),
                (
                    "ordered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lifted_by_name", models.CharField(default="", max_length=200)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("in_force", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="actionrequest",
            name="request_proposed_once",
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="changed_by_name",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="changes",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="actionrequest",
            name="supersedes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="superseded_by",
                to="approvals.actionrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionrequest",
            constraint=models.UniqueConstraint(
                fields=("question", "action", "payload_hash", "tool_call_id", "version"),
                name="request_proposed_once",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="approvals.actionrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="halt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force", True)),
                fields=("in_force",),
                name="one_halt_in_force",
            ),
        ),
        migrations.RunSQL(guard(UNCHANGEABLE, MAY_GO_AWAY), WITHOUT_VERSIONS),
    ]
