"""The database itself refuses to change the log, by rights and by triggers."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from atlas.audit.events import AuditEvent
from atlas.audit.record import record
from atlas.runtime.logins import OWNER_LOGIN
from tests.cluster import TEST_DATABASE

COLUMNS = {
    "audit_auditentry": "actor_id",
    "audit_auditseal": "entry_id",
    "audit_auditpersonal": "actor_id",
}
CHANGES = (
    "UPDATE {} SET {} = 1",
    "DELETE FROM {}",
    "TRUNCATE {}",
)


def statements(table):
    return [change.format(table, COLUMNS[table]) for change in CHANGES]


ALL = [statement for table in COLUMNS for statement in statements(table)]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ALL)
def test_app_has_no_right_to_change_the_log(statement):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ALL)
@pytest.mark.parametrize("who", ["owner", "superuser"])
def test_triggers_refuse_even_those_with_rights(cluster, who, statement):
    login = OWNER_LOGIN if who == "owner" else "postgres"
    url = cluster.url(login) if who == "owner" else None
    opened = psycopg.connect(url) if url else cluster.superuser(TEST_DATABASE)
    with opened as other, pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        other.execute(statement)


@pytest.mark.django_db
def test_model_refuses_to_be_saved_again(ann):
    entry = record(AuditEvent.SIGNED_IN, actor=ann)
    entry.subject = "other"
    with pytest.raises(ProgrammingError, match="permission denied"):
        entry.save()
