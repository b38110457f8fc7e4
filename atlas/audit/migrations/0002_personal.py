"""Names move beside the log so that they can be erased; the owner may remove what was released."""

from django.db import migrations, models

# Only whoever may delete from these tables at all gets as far as the trigger. A setting of the
# transaction says that this removal is meant: that of a pruned prefix, or of somebody's name.
RELEASABLE = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('atlas.audit_removal', true) = TG_TABLE_NAME THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_personal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON audit_auditpersonal FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
REVERSE = "DROP TRIGGER audit_personal_append_only ON audit_auditpersonal;"

RENAMES = [
    migrations.RenameField("auditentry", "actor_name", "plain_name"),
    migrations.AlterField(
        "auditentry",
        "plain_name",
        models.CharField(db_column="actor_name", default="", max_length=200),
    ),
    migrations.RenameField("auditentry", "subject", "plain_subject"),
    migrations.AlterField(
        "auditentry",
        "plain_subject",
        models.CharField(db_column="subject", default="", max_length=200),
    ),
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditPersonal",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("text", models.CharField(max_length=200)),
                ("salt", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["text", "actor_id"], name="audit_personal_text")],
            },
        ),
        # The columns stay what they are, for processes that run the version before.
        migrations.SeparateDatabaseAndState(state_operations=RENAMES),
        migrations.AddField(
            "auditentry",
            "actor_key",
            models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            "auditentry",
            "subject_key",
            models.CharField(db_default="", default="", max_length=64),
        ),
        migrations.AddField("auditseal", "form", models.SmallIntegerField(db_default=1, default=1)),
        migrations.RemoveIndex("auditentry", "audit_by_actor"),
        migrations.RemoveIndex("auditentry", "audit_by_conversation"),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["actor_id", "-id"], name="audit_of_actor")
        ),
        migrations.AddIndex(
            "auditentry",
            models.Index(fields=["conversation_id", "-id"], name="audit_of_conversation"),
        ),
        migrations.RunSQL(RELEASABLE, REVERSE),
    ]
