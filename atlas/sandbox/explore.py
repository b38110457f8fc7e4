"""The only way to run an explore command: hooks, a backend, caps, and a record before and after."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import Error
from django.utils.translation import gettext as _

from atlas.accounts.principal import Principal
from atlas.common.completion import completed
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.common.jsonable import clean_text
from atlas.sandbox import journal
from plugins_app.host.errors import HookRejected, PluginUnavailable
from plugins_app.host.facets import backends, hooks
from plugins_app.sdk import AfterExplore, BeforeExplore, ExploreResult

logger = logging.getLogger(__name__)

MAX_BYTES = 1_048_576
MAX_COMMAND = 10_000
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class ExploreOutcome:
    """What a command printed, cut at 1 MiB together; `error` is a sentence when nothing ran.

    A command that ran and failed has its exit code and no `error`.
    """

    stdout: str = ""
    stderr: str = ""
    exit_code: int = 0
    truncated: bool = False
    backend: str = ""
    ms: int = 0
    error: str = ""
    code: str = ""


async def run_explore(principal: Principal, command: str, *, root: Path) -> ExploreOutcome:
    """Run one shell command over the folder `root`, in the isolation of the best backend.

    What cannot be recorded is not run. Cancelling the caller records the outcome "cancelled".
    Never raises for what the command says or the backend does.
    """
    asked = journal.Asked(principal, command)
    try:
        allowed = await _allowed(asked)
        if isinstance(allowed, ExploreOutcome):
            await in_db(journal.refuse, asked, allowed.code)
            return allowed
        return await _run(asked, allowed, root)
    except Error:
        logger.exception("An explore command could not be recorded")
        return _refused("not_recorded", _("The command could not be recorded. Try again."))
    except AtlasError as error:
        return _refused(error.code, error.user_message)


async def _allowed(asked: journal.Asked) -> str | ExploreOutcome:
    if not asked.principal.may_explore():
        return _refused(
            "not_allowed",
            _("Your role does not let you explore files. Ask an admin for another one."),
        )
    if not asked.command.strip() or "\x00" in asked.command:
        return _refused("bad_command", _("Write one shell command, such as ls or grep."))
    if len(asked.command) > MAX_COMMAND:
        return _refused("bad_command", _("The command is too long. Split it into several."))
    event = BeforeExplore(
        asked.command,
        user_id=str(asked.principal.user_id),
        conversation_id=str(asked.principal.conversation_id or ""),
    )
    try:
        return await hooks.before_explore(event)
    except HookRejected as rejected:
        return _refused(rejected.code, rejected.user_message)


async def _run(asked: journal.Asked, command: str, root: Path) -> ExploreOutcome:
    intent, caller_left = await completed(in_db(journal.begin, asked, command))
    started = time.perf_counter()
    try:
        if caller_left:
            raise asyncio.CancelledError
        outcome = await _first_working(command, root, started)
    except asyncio.CancelledError:
        ended = journal.Ended("cancelled", _ms(started))
        await completed(in_db(journal.end, asked, intent, ended))
        raise
    except AtlasError as error:
        outcome = _refused(error.code, error.user_message)
    word = "failed" if outcome.error else "ok"
    ended = journal.Ended(word, _ms(started), outcome.exit_code, outcome.backend, outcome.code)
    await in_db(journal.end, asked, intent, ended)
    if not outcome.error and outcome.exit_code == 0:
        hooks.after_explore(_observed(asked, command, outcome))
    return outcome


async def _first_working(command: str, root: Path, started: float) -> ExploreOutcome:
    """Ask the backends in order; one that could not even start leaves its place to the next."""
    selected = backends.selection()
    for backend in selected.backends:
        try:
            result = await backend.exec(command, root=root, timeout_s=TIMEOUT_S)
            return _bounded(result, backend.plugin_id, _ms(started))
        except PluginUnavailable as error:
            logger.warning("Explore backend %s: %s", backend.plugin_id, error.user_message)
    return _refused(
        "no_backend",
        _("No sandbox is available, so files cannot be explored. %(reason)s Tell an admin.")
        % {"reason": selected.reason},
    )


def _bounded(result: ExploreResult, backend: str, ms: int) -> ExploreOutcome:
    stdout, cut_out = _cut(result.stdout, MAX_BYTES)
    stderr, cut_err = _cut(result.stderr, MAX_BYTES - len(stdout.encode()))
    return ExploreOutcome(
        stdout, stderr, result.exit_code, truncated=cut_out or cut_err, backend=backend, ms=ms
    )


def _cut(text: str, most: int) -> tuple[str, bool]:
    encoded = clean_text(text).encode()
    if len(encoded) <= most:
        return encoded.decode(), False
    return encoded[: max(most, 0)].decode(errors="ignore"), True


def _observed(asked: journal.Asked, command: str, outcome: ExploreOutcome) -> AfterExplore:
    return AfterExplore(
        command,
        outcome.stdout,
        user_id=str(asked.principal.user_id),
        conversation_id=str(asked.principal.conversation_id or ""),
    )


def _refused(code: str, error: str) -> ExploreOutcome:
    return ExploreOutcome(exit_code=1, error=error, code=code)


def _ms(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
