"""Explore backends of sandbox plugins, the highest priority first."""

import asyncio
import logging
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.env import environment
from plugins_app.host import registry
from plugins_app.host.calling import breaker, calls
from plugins_app.host.registry import Entry
from plugins_app.sdk import ExploreResult, Sandbox, Security

logger = logging.getLogger(__name__)

CREATE_DEADLINE_S = 30.0
CLOSE_DEADLINE_S = 5.0
MAX_OUTPUT = 1_000_000
PINNED_MISSING = "ATLAS_SANDBOX asks for “%(id)s”, which is not there, so nothing is run."
PINNED_SICK = "ATLAS_SANDBOX asks for “%(id)s”, which is not healthy, and nothing else is used."

_opened: "weakref.WeakKeyDictionary[Entry, dict[Path, Any]]" = weakref.WeakKeyDictionary()
_opening: "weakref.WeakKeyDictionary[Entry, asyncio.Lock]" = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Backend:
    """One place where explore commands can run."""

    plugin_id: str
    priority: float
    security: Security
    healthy: bool

    async def exec(self, command: str, *, root: Path, timeout_s: float = 10.0) -> ExploreResult:
        """Run a command over the folder `root`; only `sandbox.explore` may call this.

        Each stream is cut at 1,000,000 characters.
        """
        entry = registry.current().get(self.plugin_id)
        backend = await _backend(entry, root)
        result = await breaker.call(entry, backend.exec, command, timeout_s=timeout_s)
        if not isinstance(result, ExploreResult) or not isinstance(result.exit_code, int):
            message = _(
                "The sandbox returned something that is not an ExploreResult. Tell its author."
            )
            raise AtlasError(message)
        stdout, stderr = str(result.stdout)[:MAX_OUTPUT], str(result.stderr)[:MAX_OUTPUT]
        return ExploreResult(stdout, stderr, result.exit_code)


@dataclass(frozen=True)
class Selection:
    """The backends that may be tried, the first one first, and why it is these."""

    backends: tuple[Backend, ...]
    reason: str


def selection() -> Selection:
    """Return the pinned backend alone, or every healthy one by priority.

    A pinned backend that is not there leaves nothing: explore is refused, never run elsewhere.
    """
    pinned, found = environment().sandbox, by_priority()
    if pinned:
        chosen = tuple(backend for backend in found if backend.plugin_id == pinned)
        return Selection(chosen, _pinned_reason(chosen) % {"id": pinned})
    if not found:
        return Selection((), _("No plugin brings a sandbox, so explore is refused."))
    healthy = tuple(backend for backend in found if backend.healthy)
    if not healthy:
        return Selection((), _("No sandbox is healthy."))
    first = healthy[0]
    reason = _("Of the healthy sandboxes “%(id)s” has the highest priority, %(number)s.")
    return Selection(healthy, reason % {"id": first.plugin_id, "number": f"{first.priority:g}"})


def _pinned_reason(chosen: tuple[Backend, ...]) -> str:
    if not chosen:
        return _(PINNED_MISSING)
    return _("ATLAS_SANDBOX asks for “%(id)s”.") if chosen[0].healthy else _(PINNED_SICK)


def by_priority() -> list[Backend]:
    """Return the usable backends, highest priority first, ties in registration order."""
    found = [
        Backend(entry.id, sandbox.priority, sandbox.security, entry.healthy)
        for entry in registry.current().enabled_of_type("sandbox")
        if (sandbox := entry.plugin.sandbox) is not None
    ]
    return sorted(found, key=lambda backend: -backend.priority)


async def close(entry: Entry) -> None:
    """Close every backend of an entry; never raises for the plugin."""
    for backend in _opened.pop(entry, {}).values():
        try:
            await calls.call(entry, backend.close, timeout_s=CLOSE_DEADLINE_S)
        except AtlasError as error:
            logger.warning("Closing the sandbox of %s: %s", entry.id, error.user_message)


async def _backend(entry: Entry, root: Path) -> Any:
    if not entry.usable or entry.plugin.sandbox is None:
        raise AtlasError(_("The sandbox is not available."), code="plugin_unavailable")
    async with _opening.setdefault(entry, asyncio.Lock()):
        opened = _opened.setdefault(entry, {})
        if root not in opened:
            opened[root] = await _create(entry, entry.plugin.sandbox, root)
        return opened[root]


async def _create(entry: Entry, sandbox: Sandbox, root: Path) -> Any:
    backend = await calls.call(entry, sandbox.create, root, timeout_s=CREATE_DEADLINE_S)
    if not callable(getattr(backend, "exec", None)):
        raise AtlasError(_("The sandbox's create() returned no backend. Tell its author."))
    entry.on_replaced.append(lambda: _opened.pop(entry, None))
    return backend
