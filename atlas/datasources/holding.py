"""Decides whether a checked query waits for approval: by what it reads, and what it would cost."""

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.datasources.cleared import Cleared
from atlas.datasources.engine_errors import engine_failure
from atlas.datasources.journal import Asked
from atlas.datasources.outcomes import NeedsApproval
from atlas.datasources.sensitive import sensitive_queries
from atlas.sql.policies.sensitive import SensitiveQuery
from plugins_app.host.facets import connections

# An estimate is a courtesy: it may not take what the query itself may.
ESTIMATE_MS = 2_000
# The code of an engine's failure that came of too little time.
TIMEOUT = "timeout"


async def approval_needed(asked: Asked, cleared: Cleared) -> NeedsApproval | None:
    """Why somebody must approve the query before it runs; None when nobody must.

    Where a policy asks for a cost, the engine estimates the very text that would be sent. One that
    cannot tell in time is taken to cost too much; one that never can is not asked. Raises what
    the engine raised when it was busy or away: then nothing is known of the cost.
    """
    about = sensitive_queries().about(cleared.query)
    found = [policy for policy in about if policy.cost is None]
    reasons = [_of_reading(policy, policy.reads(cleared.query)) for policy in found]
    priced = [policy for policy in about if policy.cost is not None]
    if priced:
        cost = await _estimated(asked.datasource, cleared)
        dear = [policy for policy in priced if cost is not None and cost >= (policy.cost or 0)]
        reasons += [_of_cost(policy, cost) for policy in dear]
        found += dear
    if not found:
        return None
    return NeedsApproval(
        asked_sql=asked.sql,
        final_sql=cleared.query.sql,
        reasons=tuple(reasons),
        policies=tuple(policy.name for policy in found),
        admin_only=any(policy.admin_only for policy in found),
        tables=cleared.query.tables,
    )


async def _estimated(datasource_id: str, cleared: Cleared) -> float | None:
    try:
        return await connections.estimate(
            datasource_id, cleared.sql, timeout_ms=ESTIMATE_MS, claims=cleared.claims
        )
    except AtlasError as error:
        failure = engine_failure(error)
        if failure.code == TIMEOUT:
            return float("inf")
        if failure.retryable:
            # Whoever keeps the engine busy must not get a query past its price.
            raise
        # What the engine has against the query it says again when it is asked to run it.
        return None


def _of_reading(policy: SensitiveQuery, read: tuple[str, ...]) -> str:
    words = {"what": ", ".join(read), "policy": policy.name}
    return _("It reads %(what)s (“%(policy)s”).") % words


def _of_cost(policy: SensitiveQuery, cost: float | None) -> str:
    words = {"policy": policy.name, "most": f"{policy.cost:,.0f}", "cost": f"{cost:,.0f}"}
    if cost == float("inf"):
        return _("Its cost could not be estimated in time (“%(policy)s”).") % words
    return _("It is estimated to cost %(cost)s, %(most)s or more (“%(policy)s”).") % words
