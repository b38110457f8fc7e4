"""Runs an approved query once, as the person who asked, and keeps what its answer shows."""

import asyncio
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.enums import Status
from approvals.execution import endings, preflight
from approvals.execution.claims import Claim
from approvals.execution.endings import Ending
from approvals.execution.preflight import Problem
from approvals.models import ActionRequest
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources.grants import GrantGone
from atlas.datasources.outcomes import EngineFailed, QueryOutcome, Refused
from atlas.datasources.query import run_approved
from atlas.datasources.results import describe_columns
from atlas.datasources.semantic import current_layer
from atlas.datasources.sensitive import policy_version
from atlas.datasources.slots import TooManyQueries
from atlas.semantic.layer import SemanticLayer

MOST_TRIES = 30


@dataclass(frozen=True)
class Begun:
    """A request whose intent is committed, and on whose behalf and by which layer it is asked."""

    request: ActionRequest
    asker: Principal
    layer: SemanticLayer


async def run(claim: Claim, *, retry_s: float) -> Ending | None:
    """Carry out one claimed request; None when it was not begun or lapsed.

    A lost holder may have run it: then the approval is used up, and nothing runs again.
    """
    try:
        begun = await in_db(begin, claim)
        if begun is None:
            return None
        outcome = await _asked(begun, retry_s)
    except AtlasError as error:
        return endings.failed(error.code, error.user_message)
    if isinstance(outcome, QueryOutcome):
        return endings.executed(await in_db(_kept, begun.request, outcome))
    if isinstance(outcome, Refused):
        return endings.failed(outcome.rejection.code, outcome.rejection.message)
    if claim.is_resumed and outcome.code == GrantGone.code:
        message = _("The server stopped while the query ran. Ask the question again.")
        return endings.failed("lost", message)
    return endings.failed(outcome.code, outcome.message)


async def _asked(begun: Begun, retry_s: float) -> QueryOutcome | Refused | EngineFailed:
    """The answer of the datasource; while the asker's other queries run, it waits for its turn."""
    request = begun.request
    for _try in range(MOST_TRIES):
        outcome = await run_approved(
            begun.asker,
            request.arguments["datasource"],
            request.contract["asked_sql"],
            layer=begun.layer,
            request_id=request.pk,
        )
        if not isinstance(outcome, EngineFailed) or outcome.code != TooManyQueries.code:
            break
        await asyncio.sleep(retry_s)
    return outcome


def begin(claim: Claim) -> Begun | None:
    """Commit the intent, or find that of a lost holder; None when there is nothing to run."""
    request = _resumed(claim) if claim.is_resumed else preflight.begin_if(claim, _problem_of)
    if request is None or request.requester is None:
        return None
    asker = Principal.of(request.requester, request.conversation_id)
    return Begun(request, asker, current_layer(request.arguments["datasource"]).layer)


def _resumed(claim: Claim) -> ActionRequest | None:
    with transaction.atomic():
        request = preflight.held(claim)
        return request if request is not None and request.state is Status.EXECUTING else None


def _problem_of(request: ActionRequest) -> Problem | None:
    problem = preflight.problem_of_query(request)
    if problem is not None:
        return problem
    if request.fingerprint != policy_version():
        return Problem("policy_changed", _("The rules for queries have changed since."))
    try:
        layer = current_layer(request.arguments["datasource"]).layer
    except AtlasError as error:
        return Problem(error.code, error.user_message)
    if layer.digest != request.contract["semantic_version"]:
        message = _("The definitions of the semantic layer have changed since.")
        return Problem("definitions_changed", message)
    return None


def _kept(request: ActionRequest, outcome: QueryOutcome) -> dict[str, object]:
    described = dict(request.contract.get("described") or {})
    if described.get("columns"):
        describe_columns(outcome.result_id, described["columns"])
    else:
        described["columns"] = [
            {"name": name, "label": name.replace("_", " "), "format": None, "role": "dimension"}
            for name in outcome.columns
        ]
    shown = {
        **described,
        "result_id": str(outcome.result_id),
        "sql": outcome.sql,
        "row_count": outcome.row_count,
        "truncated": outcome.truncated,
        "ms": outcome.ms,
        "datasource": request.arguments["datasource"],
    }
    counted = ngettext("It gave %(count)s row.", "It gave %(count)s rows.", outcome.row_count)
    return {"message": counted % {"count": outcome.row_count}, "shown": shown}
