"""The approval policy that the documentation shows; a test asks it what it says."""

from datetime import timedelta

from approvals.enums import Mode
from approvals.policies import Policy
from approvals.rules import Condition, Operator, Rule
from atlas.accounts.roles import Role

approvals = Policy(
    modes={"createSupportTicket": Mode.MANUAL, "sendEmail": Mode.ADMIN_ONLY},
    rules=(
        Rule(
            "Large refunds need two admins",
            actions=("refund",),
            conditions=(Condition("amount", Operator.ABOVE, 500),),
            mode=Mode.ADMIN_ONLY,
            approvals=2,
        ),
        Rule("Analysts do not decide alone", roles=frozenset({Role.ANALYST}), two_person=True),
        Rule(
            "What cannot be undone waits a day at most",
            reversible=False,
            time_to_decide=timedelta(days=1),
        ),
    ),
    time_to_decide=timedelta(days=3),
)
