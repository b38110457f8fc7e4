"""The names of everything that is recorded; one enum, so that a reader can list them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AuditEvent(TextChoices):
    """What an audit entry is about: the thing, then what happened to it."""

    SIGNED_IN = "account.signed_in", _("signed in")
    SIGN_IN_FAILED = "account.sign_in_failed", _("sign-in failed")
    SIGN_IN_THROTTLED = "account.sign_in_throttled", _("sign-in refused for a while")
    SIGNED_OUT = "account.signed_out", _("signed out")
    SIGNED_OUT_EVERYWHERE = "account.signed_out_everywhere", _("signed out everywhere")
    FIRST_ADMIN_MADE = "account.first_admin_made", _("first admin made")
    ACCOUNT_MADE = "account.made", _("account made")
    ACCOUNT_CHANGED = "account.changed", _("account changed")
    ACCOUNT_REMOVED = "account.removed", _("account removed")
    ROLE_CHANGED = "account.role_changed", _("role changed")
    DEACTIVATED = "account.deactivated", _("account deactivated")
    ACTIVATED = "account.activated", _("account activated")
    PASSWORD_CHANGED = "account.password_changed", _("password changed")
    API_KEY_MADE = "api_key.made", _("API key made")
    API_KEY_REVOKED = "api_key.revoked", _("API key revoked")
    ABSENCE_MADE = "absence.made", _("colleague named who decides while away")
    ABSENCE_ENDED = "absence.ended", _("deciding for a colleague ended")

    PARTICIPANT_ADDED = "participant.added", _("participant added")
    PARTICIPANT_CHANGED = "participant.changed", _("right of a participant changed")
    PARTICIPANT_REMOVED = "participant.removed", _("participant removed")

    QUERY_REFUSED = "query.refused", _("query refused")
    QUERY_HELD = "query.held", _("query waits for approval")
    QUERY_STARTED = "query.started", _("query started")
    QUERY_ENDED = "query.ended", _("query ended")
    EXPLORE_REFUSED = "explore.refused", _("explore command refused")
    EXPLORE_STARTED = "explore.started", _("explore command started")
    EXPLORE_ENDED = "explore.ended", _("explore command ended")
    SEMANTIC_RELOADED = "semantic.reloaded", _("semantic layer reloaded")
    SEMANTIC_KEPT = "semantic.kept", _("semantic layer kept, its files are broken")
    SEMANTIC_REFRESHED = "semantic.refreshed", _("values for the semantic layer read")
    RESULT_EXPORTED = "result.exported", _("result exported")

    PLUGIN_ENABLED = "plugin.enabled", _("plugin enabled")
    PLUGIN_DISABLED = "plugin.disabled", _("plugin disabled")
    PLUGIN_CONFIGURED = "plugin.configured", _("plugin configured")
    PLUGIN_TOOL_CALLED = "plugin.tool_called", _("tool of a plugin called")
    TOOL_CALL_REJECTED = "tool.rejected", _("tool call rejected by a plugin")
    TOOL_RESULT_REJECTED = "tool.result_rejected", _("result of a tool rejected by a plugin")
    CONTEXT_REVERTED = "context.reverted", _("context gone back to an earlier version")
    CONTEXT_REFRESHED = "context.refreshed", _("context refreshed")

    REQUEST_PROPOSED = "request.proposed", _("action proposed")
    REQUEST_APPROVED = "request.approved", _("request approved")
    REQUEST_REJECTED = "request.rejected", _("request rejected")
    REQUEST_CHANGED = "request.changed", _("request changed")
    REQUEST_COMMENTED = "request.commented", _("request commented on")
    REQUEST_CHECKED = "request.checked", _("outcome of an action checked by a person")
    REQUEST_ESCALATED = "request.escalated", _("request handed to all admins")
    REQUEST_WITHDRAWN = "request.withdrawn", _("request withdrawn")
    REQUEST_EXPIRED = "request.expired", _("request expired")
    REQUEST_LAPSED = "request.lapsed", _("approved request lapsed")
    REQUEST_EXECUTING = "request.executing", _("action started")
    REQUEST_EXECUTED = "request.executed", _("action done")
    REQUEST_FAILED = "request.failed", _("action failed")
    REQUEST_UNKNOWN = "request.unknown", _("outcome of an action unknown")

    REQUEST_ROLLING_BACK = "request.rolling_back", _("rollback started")
    REQUEST_ROLLED_BACK = "request.rolled_back", _("action rolled back")
    REQUEST_ROLLBACK_FAILED = "request.rollback_failed", _("rollback failed")
    REQUEST_ROLLBACK_UNKNOWN = "request.rollback_unknown", _("outcome of a rollback unknown")
    HALTED = "halt.ordered", _("agents and executions stopped")
    HALT_LIFTED = "halt.lifted", _("agents and executions allowed again")

    AUDIT_EXPORTED = "audit.exported", _("audit log exported")
    AUDIT_VERIFIED = "audit.verified", _("audit log verified")
    AUDIT_PRUNED = "audit.pruned", _("old entries of the audit log removed")
    AUDIT_ERASED = "audit.erased", _("person erased from the audit log")
