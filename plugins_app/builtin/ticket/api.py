"""Posts tickets to an HTTP API and tells apart what did not happen from what is unclear."""

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from plugins_app.builtin.ticket.store import Ticket
from plugins_app.sdk import ActionContext, ActionFailed, OutcomeUnknown

MAX_TEXT = 500


@dataclass(frozen=True)
class Target:
    """Where tickets are posted."""

    url: str
    key: SecretStr
    timeout_s: float


async def post(target: Target, ticket: Ticket, ctx: ActionContext) -> dict[str, Any]:
    """Create the ticket; the idempotency key goes along, so that a repetition is recognised."""
    headers = {
        "Authorization": f"Bearer {target.key.get_secret_value()}",
        "Idempotency-Key": ctx.idempotency_key,
    }
    payload = {"title": ticket.title, "body": ticket.body, "priority": ticket.priority}
    try:
        async with httpx.AsyncClient(timeout=target.timeout_s) as client:
            response = await client.post(_tickets(target.url), json=payload, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise ActionFailed("The ticket system cannot be reached; nothing was created.") from None
    except httpx.HTTPError as error:
        raise OutcomeUnknown(
            f"The ticket system did not answer to the end ({type(error).__name__})."
        ) from None
    return _result(response)


async def probe(url: str) -> bool:
    """Ask whether the API answers at all; what it answers does not matter."""
    async with httpx.AsyncClient(timeout=5) as client:
        response = await client.get(url)
    return response.status_code < httpx.codes.INTERNAL_SERVER_ERROR


def _tickets(url: str) -> str:
    return f"{url.rstrip('/')}/tickets"


def _result(response: httpx.Response) -> dict[str, Any]:
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise OutcomeUnknown(f"The ticket system answered {response.status_code}.")
    if not response.is_success:
        raise ActionFailed(
            f"The ticket system refused with {response.status_code}; nothing was created."
        )
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return {}
    result = {"ticket_id": str(answer.get("id", ""))[:MAX_TEXT]}
    url = str(answer.get("url", ""))[:MAX_TEXT]
    if url.startswith(("https://", "http://")):
        result["url"] = url
    return result
