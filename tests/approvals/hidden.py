"""What an agent read that not everybody may see: each customer only sees their own orders."""

from datetime import timedelta

from django.utils import timezone

from atlas.datasources.models import StoredResult
from atlas.datasources.row_policies import set_row_policies
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from tests.approvals.desk import propose, start_run

OWN = RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="username"),))
SEEN = {"tables": ["orders"], "columns": ["customer"], "claims": "those of ann", "masked": {}}


def propose_after_reading(ann, *others, **proposed):
    """What ann's agent proposes after it read rows of hers that nobody else sees from then on."""
    run = start_run(ann, *others)
    StoredResult.objects.create(
        conversation_id=run.conversation_id,
        datasource="shop",
        sql="SELECT customer FROM orders",
        columns=["customer"],
        rows=[["Chai"]],
        row_count=1,
        seen=SEEN,
        expires_at=timezone.now() + timedelta(days=1),
    )
    request = propose(run, title="Restock Chai", **proposed)
    set_row_policies(OWN)
    return request


def show_all():
    """End what hides rows from anybody."""
    set_row_policies(RowPolicies())
