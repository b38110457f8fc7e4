"""The whole way with the real ticket plugin: proposed, approved after a restart, created once."""

import pytest
from django.db import connections

from approvals.enums import Status
from approvals.execution import claims
from approvals.execution.attempts import carry_out
from approvals.filing.payloads import Why
from approvals.filing.proposals import Proposal
from approvals.filing.proposing import propose
from atlas.common.db import in_db
from plugins_app.builtin.ticket import ticket
from plugins_app.host import lifecycle, registry
from tests.approvals.desk import approve, start_run

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
async def tickets():
    """Start the host with the ticket plugin; call it to restart as a new process would."""

    async def restart():
        await lifecycle.stop()
        await lifecycle.start([ticket()])

    await restart()
    yield restart
    table = registry.current().get("ticket").context.db.table("tickets")
    await lifecycle.stop()
    await in_db(drop, table)


def drop(table):
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")


async def stored():
    db = registry.current().get("ticket").context.db
    return await db.query(f"SELECT title, priority, requester FROM {db.table('tickets')}")


async def test_a_ticket_is_created_as_approved_and_once(tickets, ann, bob):
    run = await in_db(start_run, ann, bob)
    arguments = {"title": "Restock Chai", "body": "Out of stock", "priority": "high"}
    request = await propose(
        Proposal("createSupportTicket", arguments, run.pk, "call-1", Why("Restock Chai"))
    )
    assert request.summary == "Create the ticket “Restock Chai”"
    assert await stored() == []

    await tickets()
    await in_db(approve, request, bob)
    for claim in await in_db(lambda: claims.claim("tester", slots=4)):
        await carry_out(claim)
    await in_db(request.refresh_from_db)

    assert request.state is Status.EXECUTED
    assert request.result["ticket_id"].startswith("T-")
    assert await stored() == [{"title": "Restock Chai", "priority": "high", "requester": "ann"}]
    assert await in_db(lambda: claims.claim("tester", slots=4)) == []
