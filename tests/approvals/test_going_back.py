"""Whoever goes back to earlier tables loses no request to roll something back."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command
from django.db import connections

from approvals.enums import Kind, Status
from approvals.execution.rolling_back import roll_back
from approvals.models import ActionRequest
from approvals.rules.tightening import Rule
from atlas.accounts.models import User
from tests.approvals.desk import propose, start_run
from tests.approvals.executing import Undo
from tests.approvals.states import put_at

pytestmark = pytest.mark.usefixtures("own_database")

BEFORE_ROLLBACKS = "0009"


def migrate(target=""):
    call_command(
        Command(), "approvals", *([target] if target else []), database="owner", verbosity=0
    )


def test_it_is_refused_while_one_exists_and_nothing_is_changed(desk, policy):
    desk(roll_back=Undo(), reversible=True)
    ann, bob = (User.objects.get(username=name) for name in ("ann", "bob"))
    done = put_at(propose(start_run(ann, bob)), Status.EXECUTED)
    policy(rollbacks=(Rule("Another looks", two_person=True),))
    roll_back(done.pk, by=bob, payload_hash=done.payload_hash)

    with pytest.raises(CommandError, match=r"there are requests to roll another one back \(1\)"):
        migrate(BEFORE_ROLLBACKS)

    assert ActionRequest.objects.get(kind=Kind.ROLLBACK).undoes == done
    migrate()


def test_without_any_the_tables_go_back_and_forward():
    ann = User.objects.get(username="ann")
    columns = []

    for target in (BEFORE_ROLLBACKS, ""):
        migrate(target)
        with connections["owner"].cursor() as cursor:
            table = connections["owner"].introspection.get_table_description(
                cursor, ActionRequest._meta.db_table
            )
        columns.append("undoes_id" in {column.name for column in table})

    assert columns == [False, True]
    assert not ActionRequest.objects.visible_to(ann).exists()
