"""A sealed and signed log, and whoever owns the tables and means ill."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from atlas.audit.checkpoints import write_checkpoint
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.audit.record import record
from atlas.audit.sealing import seal_once
from atlas.runtime.logins import OWNER_LOGIN

TABLES = ("audit_auditentry", "audit_auditseal", "audit_auditpersonal")
CONVERSATION = UUID(int=1)
COUNT = 12


@dataclass(frozen=True)
class Person:
    """An actor of the log."""

    pk: int
    name: str

    def get_username(self):
        return self.name


ANN, BOB = Person(1, "ann"), Person(2, "bob")


@dataclass(frozen=True)
class Log:
    """The folder with the checkpoints; `ids` are those of the entries with number 1, 2 and on."""

    folder: Path
    ids: tuple[int, ...]


def write_entries():
    """Twelve entries of all kinds: 1 and 7 have an address, 3 and 9 are about an account."""
    for who in (ANN, BOB):
        record(AuditEvent.SIGNED_IN, actor=who, body={"address": f"10.0.0.{who.pk}"})
        record(AuditEvent.QUERY_STARTED, actor=who, conversation_id=CONVERSATION, subject="demo")
        record(AuditEvent.ROLE_CHANGED, actor=who, subject="user vic", body={"after": "admin"})
        record(AuditEvent.QUERY_ENDED, actor=who, body={"rows": 12, "outcome": "ok"})
        record(AuditEvent.SIGN_IN_FAILED, actor=None, actor_name=who.name, body={"known": True})
        record(AuditEvent.SEMANTIC_RELOADED, actor=None, actor_name="atlas", subject="demo")


def sealed_log(folder):
    """Twelve sealed entries, signed after the sixth and after the last."""
    folder.mkdir()
    write_entries()
    assert len(seal_once(COUNT // 2)) == COUNT // 2
    write_checkpoint(folder)
    assert len(seal_once()) == COUNT // 2
    write_checkpoint(folder)
    return Log(folder, tuple(AuditEntry.objects.order_by("id").values_list("id", flat=True)))


@contextmanager
def owner_of(cluster):
    """Runs statements as the login that owns the tables, with the triggers switched off."""

    def run(*statements):
        with owner.transaction():
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                owner.execute(statement)
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    with psycopg.connect(cluster.url(OWNER_LOGIN)) as owner:
        yield run


@pytest.fixture
def log(tmp_path):
    return sealed_log(tmp_path / "data")


@pytest.fixture
def as_owner(cluster):
    with owner_of(cluster) as run:
        yield run
