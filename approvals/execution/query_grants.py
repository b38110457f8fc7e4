"""The right that an approval of a sensitive query gives: to run it once, as it was approved."""

from approvals.enums import Kind
from approvals.models import ActionRequest
from atlas.datasources.grants import Approved, grant


def grant_for(request: ActionRequest) -> None:
    """Write the right down when a request to run a query was approved, in that transaction."""
    if request.kind != Kind.QUERY or request.requester_id is None or request.run_before is None:
        return
    grant(
        Approved(request.pk, str(request.contract["semantic_version"])),
        person_id=request.requester_id,
        datasource=request.arguments["datasource"],
        sql=request.arguments["sql"],
        expires_at=request.run_before,
    )
