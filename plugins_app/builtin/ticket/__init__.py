"""An action plugin that creates support tickets, in its own table or through an HTTP API."""

from plugins_app.builtin.ticket.plugin import Config, TicketArguments, ticket

__all__ = ["Config", "TicketArguments", "ticket"]
