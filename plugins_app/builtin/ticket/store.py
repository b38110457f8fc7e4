"""Keeps tickets in the plugin's own table, one per idempotency key."""

from dataclasses import dataclass
from typing import Any

from plugins_app.sdk import ActionContext, ActionFailed, Field, Table

SCHEMA = {
    "tickets": Table(
        {
            "request_key": Field("string", required=True, unique=True),
            "title": Field("string", required=True),
            "body": Field("string", required=True, default=""),
            "priority": Field("string", required=True, default="medium"),
            "requester": Field("string"),
        }
    )
}


@dataclass(frozen=True)
class Ticket:
    """A ticket with its priority decided."""

    title: str
    body: str
    priority: str


async def save(ticket: Ticket, ctx: ActionContext) -> dict[str, Any]:
    """Store the ticket, or find the one an earlier try with the same key stored."""
    if ctx.db is None:
        raise ActionFailed("Tickets are kept in the internal database, and there is none.")
    table = ctx.db.table("tickets")
    await ctx.db.execute(
        f"INSERT INTO {table} (request_key, title, body, priority, requester)"  # noqa: S608 - own table name
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (request_key) DO NOTHING",
        [ctx.idempotency_key, ticket.title, ticket.body, ticket.priority, ctx.requester_name],
    )
    rows = await ctx.db.query(
        f"SELECT id FROM {table} WHERE request_key = %s",  # noqa: S608 - own table name
        [ctx.idempotency_key],
    )
    return {"ticket_id": f"T-{str(rows[0]['id'])[:8].upper()}", "priority": ticket.priority}
