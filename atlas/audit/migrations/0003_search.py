"""Indexes for what the log is searched by: what queries read, and which end belongs to which."""

from django.db import migrations

# Both are partial, so that they cost nothing where most entries are written.
INDEXES = """
CREATE INDEX audit_by_read ON audit_auditentry
    USING gin ((body -> 'tables') jsonb_path_ops, (body -> 'columns') jsonb_path_ops)
    WHERE event = 'query.started';
CREATE INDEX audit_by_intent ON audit_auditentry (((body ->> 'intent')::bigint))
    WHERE event IN ('query.ended', 'explore.ended');
"""
REVERSE = "DROP INDEX audit_by_intent; DROP INDEX audit_by_read;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_personal")]

    operations = [migrations.RunSQL(INDEXES, REVERSE)]
