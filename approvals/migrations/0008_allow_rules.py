"""Rules by which admins allow something in advance; the database lets nobody change one."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SAYS = [
    "name",
    "action",
    "plugin_id",
    "fingerprint",
    "conditions",
    "is_for_all",
    "asker_name",
    "made_by_name",
    "made_at",
    "ends_at",
]
MAY_GO_AWAY = ["asker_id", "made_by_id", "made_from_id", "replaces_id"]

GUARD = """
CREATE FUNCTION approvals_guard_allow_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF CHANGED OR OLD.revoked_at IS NOT NULL AND
        (NEW.revoked_at, NEW.revoked_by_name) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_by_name)
    THEN
        RAISE EXCEPTION 'allow rule % cannot be changed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$
"""


def guard():
    new = ", ".join(f"NEW.{name}" for name in SAYS)
    old = ", ".join(f"OLD.{name}" for name in SAYS)
    gone = " ".join(
        f"OR (NEW.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})"
        for name in MAY_GO_AWAY
    )
    return GUARD.replace("CHANGED", f"({new}) IS DISTINCT FROM ({old}) {gone}")


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0007_turns_and_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("action", models.CharField(max_length=64, verbose_name="action")),
                ("plugin_id", models.CharField(max_length=64, verbose_name="plugin")),
                ("fingerprint", models.CharField(max_length=64)),
                ("conditions", models.JSONField(default=list)),
                ("is_for_all", models.BooleanField(default=False)),
                ("asker_name", models.CharField(default="", max_length=200)),
                ("made_by_name", models.CharField(max_length=200, verbose_name="made by")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="made at"
                    ),
                ),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                (
                    "revoked_by_name",
                    models.CharField(default="", max_length=200, verbose_name="revoked by"),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="approvals.actionrequest",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="approvals.allowrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "allow rule",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("revoked_at", None)),
                        fields=["action"],
                        name="allow_rule_in_force",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))),
                        name="allow_rule_ends",
                    )
                ],
            },
        ),
        migrations.RunSQL(guard(), "DROP FUNCTION approvals_guard_allow_rule()"),
        migrations.RunSQL(
            "CREATE TRIGGER guard_allow_rule BEFORE UPDATE ON approvals_allowrule "
            "FOR EACH ROW EXECUTE FUNCTION approvals_guard_allow_rule()",
            "DROP TRIGGER guard_allow_rule ON approvals_allowrule",
        ),
    ]
