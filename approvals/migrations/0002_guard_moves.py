"""The database's own walls: allowed moves, an unchangeable payload, and a hash that fits it."""

from django.db import migrations

from approvals.transitions import ALLOWED_MOVES, FIRST

CREATE_TABLE = """
CREATE TABLE approvals_allowed_move (
    before varchar(16) NOT NULL,
    after varchar(16) NOT NULL,
    PRIMARY KEY (before, after)
)
"""

CREATE_GUARD = """
CREATE FUNCTION approvals_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD.status;
        IF (NEW.kind, NEW.action, NEW.plugin_id, NEW.verb, NEW.summary, NEW.payload,
            NEW.payload_hash, NEW.fingerprint, NEW.contract, NEW.delivery, NEW.mode, NEW.policy,
            NEW.requester_name, NEW.tool_call_id, NEW.idempotency_key, NEW.why, NEW.untrusted,
            NEW.version, NEW.created_at)
           IS DISTINCT FROM
           (OLD.kind, OLD.action, OLD.plugin_id, OLD.verb, OLD.summary, OLD.payload,
            OLD.payload_hash, OLD.fingerprint, OLD.contract, OLD.delivery, OLD.mode, OLD.policy,
            OLD.requester_name, OLD.tool_call_id, OLD.idempotency_key, OLD.why, OLD.untrusted,
            OLD.version, OLD.created_at)
           OR NEW.requester_id <> COALESCE(OLD.requester_id, -1)
           OR (NEW.conversation_id IS NOT NULL
               AND NEW.conversation_id IS DISTINCT FROM OLD.conversation_id)
           OR (NEW.question_id IS NOT NULL AND NEW.question_id IS DISTINCT FROM OLD.question_id)
           OR (NEW.origin_run_id IS NOT NULL
               AND NEW.origin_run_id IS DISTINCT FROM OLD.origin_run_id)
        THEN
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

CREATE_TRIGGER = """
CREATE TRIGGER guard_request BEFORE INSERT OR UPDATE ON approvals_actionrequest
FOR EACH ROW EXECUTE FUNCTION approvals_guard_request()
"""

ADD_HASH_CHECK = """
ALTER TABLE approvals_actionrequest ADD CONSTRAINT request_hash_fits_payload
CHECK (payload_hash = encode(sha256(convert_to(payload, 'UTF8')), 'hex'))
"""


def fill_allowed_moves(apps, schema_editor):
    rows = [("", status.value) for status in sorted(FIRST)]
    rows += [(before.value, after.value) for before, after in ALLOWED_MOVES]
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany("INSERT INTO approvals_allowed_move VALUES (%s, %s)", rows)


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_TABLE, "DROP TABLE approvals_allowed_move"),
        migrations.RunPython(fill_allowed_moves, migrations.RunPython.noop),
        migrations.RunSQL(CREATE_GUARD, "DROP FUNCTION approvals_guard_request()"),
        migrations.RunSQL(CREATE_TRIGGER, "DROP TRIGGER guard_request ON approvals_actionrequest"),
        migrations.RunSQL(
            ADD_HASH_CHECK,
            "ALTER TABLE approvals_actionrequest DROP CONSTRAINT request_hash_fits_payload",
        ),
    ]
