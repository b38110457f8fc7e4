"""What the status of a request to undo another one means, on its card and on that one's."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from approvals.enums import Status

# The summary names the request that is undone. One that undoes is never undone itself, nor
# changed, so the statuses that are left have no sentence of their own.
ALONE: dict[Status, str | Promise] = {
    Status.PENDING: gettext_lazy("The roll back waits for approval: %(summary)s"),
    Status.APPROVED: gettext_lazy(
        "Approved by %(who)s; it is rolled back in a moment: %(summary)s"
    ),
    Status.REJECTED: gettext_lazy(
        "Rejected by %(who)s: “%(reason)s”. Nothing was undone: %(summary)s"
    ),
    Status.EXPIRED: gettext_lazy("Nobody decided in time, so nothing was undone: %(summary)s"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn by %(who)s. Nothing was undone: %(summary)s"),
    Status.EXECUTING: gettext_lazy("Being rolled back: %(summary)s"),
    Status.LAPSED: gettext_lazy(
        "Approved, but not rolled back: %(summary)s %(error)s Ask for the roll back again."
    ),
    Status.EXECUTED: gettext_lazy("Rolled back: %(summary)s %(result)s"),
    Status.FAILED: gettext_lazy("It could not be rolled back: %(summary)s %(error)s"),
    Status.UNKNOWN: gettext_lazy(
        "It is not known whether the rollback happened: %(summary)s %(error)s "
        "Check in the other system."
    ),
}

ON_CARD: dict[Status, str | Promise] = {
    Status.PENDING: gettext_lazy("The roll back waits for approval."),
    Status.APPROVED: gettext_lazy("Approved by %(who)s; it is rolled back in a moment."),
    Status.REJECTED: gettext_lazy("Rejected by %(who)s: “%(reason)s”. Nothing was undone."),
    Status.EXPIRED: gettext_lazy("Nobody decided in time, so nothing was undone."),
    Status.WITHDRAWN: gettext_lazy("Withdrawn by %(who)s. Nothing was undone."),
    Status.EXECUTING: gettext_lazy("Approved by %(who)s; it is being rolled back."),
    Status.LAPSED: gettext_lazy(
        "Approved by %(who)s, but not rolled back. %(error)s Ask for the roll back again."
    ),
    Status.EXECUTED: gettext_lazy("Approved by %(who)s, and rolled back."),
    Status.FAILED: gettext_lazy("Approved by %(who)s, but it could not be rolled back. %(error)s"),
    Status.UNKNOWN: gettext_lazy(
        "Approved by %(who)s, but it is not known whether the rollback happened. %(error)s "
        "Check in the other system, and say on the card of what was done what you found."
    ),
}

# For the card of what would be undone, below what became of that.
ON_UNDONE: dict[Status, str | Promise] = {
    Status.PENDING: gettext_lazy("%(asker)s asked for its roll back, which waits for approval."),
    Status.APPROVED: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s approved it; it begins in a moment."
    ),
    Status.REJECTED: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s rejected it: “%(reason)s”. "
        "Nothing was undone."
    ),
    Status.EXPIRED: gettext_lazy(
        "%(asker)s asked for its roll back. Nobody decided in time, so nothing was undone."
    ),
    Status.WITHDRAWN: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s withdrew that. Nothing was undone."
    ),
    Status.EXECUTING: gettext_lazy("%(asker)s asked for its roll back, and %(who)s approved it."),
    Status.LAPSED: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s approved it, but nothing was undone. "
        "%(error)s Ask for the roll back again."
    ),
    Status.EXECUTED: gettext_lazy("%(asker)s asked for its roll back, and %(who)s approved it."),
    Status.FAILED: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s approved it. %(error)s"
    ),
    Status.UNKNOWN: gettext_lazy(
        "%(asker)s asked for its roll back, and %(who)s approved it. %(error)s"
    ),
}
