"""Requests to run a sensitive query: how they are filed, and what approved ones gave."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from approvals.enums import Delivery, Kind, Status
from approvals.filing.payloads import make_payload
from approvals.filing.proposals import Proposal
from approvals.filing.requests import MAX_SUMMARY, Draft, file_draft
from approvals.models import ActionRequest
from approvals.rules.requirements import QUERY, origin_of, query_requirements
from atlas.common.db import in_db
from atlas.common.jsonable import clean_text
from atlas.datasources.outcomes import NeedsApproval
from atlas.datasources.sensitive import policy_version


@dataclass(frozen=True)
class HeldQuery:
    """A query that waits for approval: on which datasource, under which version of the layer.

    `described` is what is known of the result before there is one: title, columns, definitions.
    """

    needed: NeedsApproval
    datasource: str
    semantic_version: str
    described: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self) -> dict[str, object]:
        """What is approved, and what the card says about it."""
        return {
            "sql": self.needed.final_sql,
            "reasons": " ".join(self.needed.reasons),
            "datasource": self.datasource,
            "tables": list(self.needed.tables),
        }


async def propose_query(proposal: Proposal, held: HeldQuery) -> ActionRequest:
    """File a request to run the query as the asker; there are 24 hours to decide.

    The same query of the same question again returns the request of the first time. Raises
    `NotAllowed` when the asker may not ask, `Conflict` when the run was taken over.
    """
    return await in_db(_file, proposal, held)


def results_of_run(run_id: UUID) -> list[dict[str, Any]]:
    """The results of the approved queries of a run, each as an answer shows it, oldest first."""
    done = ActionRequest.objects.of_run(run_id).filter(kind=Kind.QUERY, status=Status.EXECUTED)
    return [request.result["shown"] for request in done if "shown" in request.result]


def _file(proposal: Proposal, held: HeldQuery) -> ActionRequest:
    arguments = held.arguments()
    payload = make_payload(QUERY, arguments)
    required = functools.partial(
        query_requirements,
        arguments,
        admin_only=held.needed.admin_only,
        origin=origin_of(proposal.run_id),
    )
    columns = {
        "kind": Kind.QUERY,
        "action": QUERY,
        "plugin_id": held.datasource,
        "verb": _("Run query"),
        "delivery": Delivery.ONCE,
        "untrusted": proposal.untrusted,
        "summary": _summary(proposal, held),
        "payload": payload.text,
        "payload_hash": payload.digest,
        "fingerprint": policy_version(),
        "contract": _contract(held),
    }
    return file_draft(Draft(proposal, payload, columns, required))


def _summary(proposal: Proposal, held: HeldQuery) -> str:
    title = str(held.described.get("title") or proposal.why.question)
    return clean_text(_("Run a query: %(title)s") % {"title": title})[:MAX_SUMMARY]


def _contract(held: HeldQuery) -> dict[str, object]:
    labels = {
        "sql": _("SQL"),
        "reasons": _("Why somebody must approve it"),
        "datasource": _("Datasource"),
        "tables": _("Tables"),
    }
    return {
        "reversible": False,
        "data_fields": [],
        "admin_only": held.needed.admin_only,
        "asked_sql": held.needed.asked_sql,
        "semantic_version": held.semantic_version,
        "described": dict(held.described),
        "fields": [{"name": name, "label": label, "type": ""} for name, label in labels.items()],
    }
