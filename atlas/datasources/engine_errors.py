"""What people and the agent may know of an engine's error: its class and position, no values."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.datasources.outcomes import EngineFailed
from plugins_app.host.errors import PluginFailed, PluginTimeout, PluginUnavailable

# By SQLSTATE, the longest prefix first: (code, sentence, whether trying again may help).
KNOWN = {
    "57014": ("timeout", gettext_lazy("The query took too long. Ask for a shorter period."), False),
    "42703": ("unknown_column", gettext_lazy("The datasource knows no such column."), False),
    "42P01": ("unknown_table", gettext_lazy("The datasource knows no such table."), False),
    "42883": (
        "unknown_function",
        gettext_lazy("No function or operator fits these types. Add a cast."),
        False,
    ),
    "42803": ("grouping", gettext_lazy("A column must be grouped or aggregated."), False),
    "42501": ("no_right", gettext_lazy("The datasource's login may not read this."), False),
    "42601": ("syntax", gettext_lazy("The datasource found a syntax error."), False),
    "22012": ("division_by_zero", gettext_lazy("A division by zero. Use NULLIF."), False),
    "21000": ("many_rows", gettext_lazy("A subquery gave more than one row."), False),
    "42": ("bad_query", gettext_lazy("The datasource does not accept this query."), False),
    "22": ("bad_value", gettext_lazy("A value does not fit its type. Check the casts."), False),
    "53": ("overloaded", gettext_lazy("The datasource is overloaded. Try again later."), True),
    "54": ("too_complex", gettext_lazy("The query is too complex for the datasource."), False),
    "55": ("busy", gettext_lazy("The datasource is busy. Try again."), True),
    "40": ("busy", gettext_lazy("The datasource is busy. Try again."), True),
    "08": ("unreachable", gettext_lazy("The datasource cannot be reached. Try again later."), True),
    "28": ("login_refused", gettext_lazy("The datasource refuses its login."), False),
    "57": ("unreachable", gettext_lazy("The datasource is not available. Try again later."), True),
}
LONGEST, SHORTEST = 5, 2


def engine_failure(error: Exception) -> EngineFailed:
    """Return the scrubbed form of whatever asking a datasource raised."""
    if isinstance(error, PluginTimeout):
        code, sentence, retryable = KNOWN["57014"]
        return EngineFailed(code, str(sentence), retryable)
    if isinstance(error, PluginUnavailable):
        return EngineFailed("unavailable", error.user_message, retryable=True)
    cause = error.error if isinstance(error, PluginFailed) else error
    return _by_state(sqlstate(cause), _position(cause)) or _by_type(cause)


def sqlstate(error: BaseException) -> str | None:
    """The five-character class of the engine's error, looked up along its causes."""
    seen: BaseException | None = error
    while seen is not None:
        state = getattr(seen, "sqlstate", None)
        if isinstance(state, str):
            return state
        seen = seen.__cause__
    return None


def _by_state(state: str | None, position: str) -> EngineFailed | None:
    for length in range(LONGEST, SHORTEST - 1, -1):
        known = KNOWN.get((state or "")[:length])
        if known is not None:
            code, sentence, retryable = known
            place = _(" It is at character %(position)s.") % {"position": position}
            return EngineFailed(code, f"{sentence}{place if position else ''}", retryable)
    return None


def _by_type(error: BaseException) -> EngineFailed:
    if isinstance(error, ConnectionError | TimeoutError | OSError) or _lost_connection(error):
        code, sentence, retryable = KNOWN["08"]
        return EngineFailed(code, str(sentence), retryable)
    message = _("The datasource could not answer. The server's log has the details.")
    return EngineFailed("engine_error", message, retryable=False)


def _lost_connection(error: BaseException) -> bool:
    """Drivers of the DB-API report a lost or refused connection without a class of its own."""
    return type(error).__name__ in {"OperationalError", "InterfaceError", "PoolTimeout"}


def _position(error: BaseException) -> str:
    diagnosis = getattr(error, "diag", None)
    position = str(getattr(diagnosis, "statement_position", None) or "")
    return position if position.isdigit() else ""
