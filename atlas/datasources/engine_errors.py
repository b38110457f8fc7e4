"""What people and the agent may know of an engine's error: its class, and no values."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.common.errors import AtlasError
from atlas.datasources.outcomes import EngineFailed
from plugins_app.host.errors import PluginFailed, PluginTimeout
from plugins_app.sdk import PluginError

# By SQLSTATE, the longest prefix first: (code, sentence, whether trying again may help).
KNOWN = {
    "57014": ("timeout", gettext_lazy("The query took too long. Ask for a shorter period."), False),
    "42703": (
        "unknown_column",
        gettext_lazy("The datasource knows no such column. Use another, or tell an admin."),
        False,
    ),
    "42P01": (
        "unknown_table",
        gettext_lazy("The datasource knows no such table. Use another, or tell an admin."),
        False,
    ),
    "42883": (
        "unknown_function",
        gettext_lazy("No function or operator fits these types. Add a cast."),
        False,
    ),
    "42803": (
        "grouping",
        gettext_lazy("A column is neither grouped nor aggregated. Group by it, or aggregate it."),
        False,
    ),
    "42501": (
        "no_right",
        gettext_lazy("The datasource's login may not read this. Tell an admin."),
        False,
    ),
    "42601": (
        "syntax",
        gettext_lazy("The datasource found a syntax error. Write the query differently."),
        False,
    ),
    "22012": ("division_by_zero", gettext_lazy("A division by zero. Use NULLIF."), False),
    "21000": (
        "many_rows",
        gettext_lazy("A subquery gave more than one row. Aggregate it, or limit it to one."),
        False,
    ),
    "42": (
        "bad_query",
        gettext_lazy("The datasource does not accept this query. Write it differently."),
        False,
    ),
    "22": ("bad_value", gettext_lazy("A value does not fit its type. Check the casts."), False),
    "53": ("overloaded", gettext_lazy("The datasource is overloaded. Try again later."), True),
    "54": (
        "too_complex",
        gettext_lazy("The query is too complex for the datasource. Ask for less at once."),
        False,
    ),
    "55": ("busy", gettext_lazy("The datasource is busy. Try again."), True),
    "40": ("busy", gettext_lazy("The datasource is busy. Try again."), True),
    "08": ("unreachable", gettext_lazy("The datasource cannot be reached. Try again later."), True),
    "28": (
        "login_refused",
        gettext_lazy("The datasource refuses its login. Tell an admin."),
        False,
    ),
    "57": ("unreachable", gettext_lazy("The datasource is not available. Try again later."), True),
}
LONGEST, SHORTEST = 5, 2


def engine_failure(error: Exception) -> EngineFailed:
    """Return the scrubbed form of whatever asking a datasource raised."""
    if isinstance(error, PluginTimeout):
        return _known("57014")
    if isinstance(error, PluginFailed):
        return _of_engine(error.error)
    if isinstance(error, AtlasError):
        return EngineFailed(error.code, error.user_message, retryable=True)
    return _of_engine(error)


def located(failure: EngineFailed, error: BaseException, sql: str) -> EngineFailed:
    """The failure with the place in `sql` that the engine named, if it did."""
    at = _position(error)
    if not 1 <= at <= len(sql):
        return failure
    before = sql[: at - 1]
    line, column = before.count("\n") + 1, at - 1 - before.rfind("\n")
    return replace(failure, line=line, column=column)


def sqlstate(error: BaseException) -> str:
    """The five-character class of the engine's error, or of what it came from; "" if unknown."""
    states = (getattr(one, "sqlstate", None) for one in _origins(error))
    return next((state for state in states if isinstance(state, str)), "")


def unexplained() -> EngineFailed:
    """The failure that tells nothing: even its class could be made to tell a masked value."""
    message = _("The datasource could not answer. An admin finds the details in the server's log.")
    return EngineFailed("engine_error", message, retryable=False)


def _of_engine(error: BaseException) -> EngineFailed:
    state = sqlstate(error)
    for length in range(LONGEST, SHORTEST - 1, -1):
        if state[:length] in KNOWN:
            return _known(state[:length])
    if not state and any(_is_lost_connection(one) for one in _origins(error)):
        return _known("08")
    return unexplained()


def _known(state: str) -> EngineFailed:
    code, sentence, retryable = KNOWN[state]
    return EngineFailed(code, str(sentence), retryable)


def _position(error: BaseException) -> int:
    """The character of the statement, counted from 1, at which a plugin's error points, or 0."""
    raised = error.error if isinstance(error, PluginFailed) else error
    found = (one.position for one in _origins(raised) if isinstance(one, PluginError))
    return next((at for at in found if at is not None), 0)


def _origins(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from; plugins hide the original from people, not from us."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _is_lost_connection(error: BaseException) -> bool:
    """Drivers of the DB-API report a lost or refused connection without a class of its own."""
    lost = {"OperationalError", "InterfaceError", "PoolTimeout"}
    return isinstance(error, OSError) or type(error).__name__ in lost
