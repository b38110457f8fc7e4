"""The approval policy that the documentation shows; a test asks it what it says."""

from datetime import timedelta

from approvals.enums import Mode
from approvals.policies import Policy
from approvals.rules.escalation import Escalation
from approvals.rules.groups import Group, Step
from approvals.rules.tightening import Condition, Operator, Origin, Rule
from approvals.rules.windows import DailyLimit, Dated, Freeze, Reached, Weekly
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
        Rule(
            "Mail to others goes through Finance, then an admin",
            actions=("sendEmail",),
            conditions=(Condition("to", Operator.NOT_ONE_OF, ("office@shop.example",)),),
            steps=(Step("Finance", approvals=2), Step("Admins")),
        ),
        Rule(
            "What programs ask for is looked at", origins=frozenset({Origin.API}), mode=Mode.MANUAL
        ),
    ),
    rollbacks=(
        Rule("Nobody undoes alone", two_person=True),
        Rule("Undone refunds need an admin", actions=("refund",), mode=Mode.ADMIN_ONLY),
    ),
    groups=(
        Group("Finance", people=("bob", "carl", "dora")),
        Group("Admins", roles=frozenset({Role.ADMIN})),
    ),
    freezes=(
        Freeze(
            "Weekend",
            Weekly("fri 18:00", "mon 08:00", "Europe/Berlin"),
            ("refund",),
            allows_rollbacks=True,
        ),
        Freeze("Stocktaking", Dated("2026-12-30 12:00", "2027-01-02 08:00", "Europe/Berlin")),
    ),
    daily_limits=(
        DailyLimit(("sendEmail",), 50),
        DailyLimit(("refund",), 5, per_person=True, when_reached=Reached.REFUSE),
    ),
    escalate_to=(Escalation("Finance", timedelta(hours=4)),),
    escalate_after=timedelta(days=1),
    time_to_decide=timedelta(days=3),
    time_to_run=timedelta(days=4),
)
