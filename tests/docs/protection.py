"""The policies and masks that the documentation shows; a test asks them what they do."""

from atlas.sql.policies.masks import Mask, Masks
from atlas.sql.policies.rows import Condition, RowPolicies, RowPolicy
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery

row_policies = RowPolicies(
    (
        # Rows of one tenant, or of several where the claim is a list.
        RowPolicy("tenant", ("orders", "crm.customers"), column="tenant_id", claim="org.tenant"),
        # All conditions of a policy must hold; the kind refuses claims of another type.
        RowPolicy(
            "team",
            ("tickets",),
            conditions=(
                Condition("tenant_id", "org.tenant"),
                Condition("team_id", "teams", kind="integer", unlisted=True),
            ),
        ),
    ),
    # "and": every policy that covers a table must hold. "or": any of them.
    combine="and",
)
masks = Masks(
    (
        Mask(("customers",), ("email", "phone"), "partial", plain_for=("admin",)),
        Mask(("salaries",), ("amount",), "full"),
    )
)
sensitive_queries = SensitiveQueries(
    (
        SensitiveQuery("pay", ("salaries",), ("amount",), admin_only=True),
        SensitiveQuery("expensive", cost=1_000_000),
    )
)
