"""The plugins of this process in registration order, with their status."""

import asyncio
import datetime
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from plugins_app.host.calling.threads import PluginThread
from plugins_app.host.errors import HostNotRunning, PluginUnavailable
from plugins_app.host.options.secrets import scrub, secret_values
from plugins_app.host.status import ALLOWED, PluginStatus
from plugins_app.sdk import HealthResult, Plugin, PluginContext, PluginType, Tool

if TYPE_CHECKING:
    from plugins_app.host.calling.breaker import Breaker
    from plugins_app.host.contexts.fragments import Loaded

KEPT_REPORTS = 30


@dataclass(frozen=True)
class HealthReport:
    """The latest health check of a plugin in this process."""

    result: HealthResult
    checked_at: datetime.datetime


@dataclass(eq=False)
class Entry:
    """One plugin in this process; changed only on the main event loop."""

    plugin: Plugin[Any]
    status: PluginStatus = PluginStatus.REGISTERED
    enabled: bool = True
    initialized: bool = False
    reason: str = ""
    since: datetime.datetime = field(default_factory=timezone.now)
    reports: deque[HealthReport] = field(default_factory=lambda: deque(maxlen=KEPT_REPORTS))
    # How many probes began, and which of them was the last that counted.
    probes_begun: int = 0
    last_probe: int = 0
    breakers: "dict[str, Breaker]" = field(default_factory=dict, repr=False)
    context: PluginContext | None = None
    thread: PluginThread = field(init=False)
    secrets: frozenset[str] = field(init=False, repr=False)
    config_version: int = 0
    pinned_context: "Loaded | None" = None
    calls: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    tools: dict[str, Tool[Any]] = field(default_factory=dict, repr=False)
    on_replaced: list[Callable[[], object]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.idle.set()
        self.thread = PluginThread(self.plugin.id)
        self.secrets = secret_values(self.plugin.config)

    @property
    def id(self) -> str:
        return self.plugin.id

    @property
    def last_health(self) -> HealthReport | None:
        return self.reports[-1] if self.reports else None

    @property
    def usable(self) -> bool:
        """Whether the plugin takes part: enabled, initialized, not switched off, not ended."""
        return (
            self.enabled
            and self.initialized
            and not self.thread.off_reason
            and self.status in (PluginStatus.HEALTHY, PluginStatus.UNHEALTHY)
        )

    @property
    def healthy(self) -> bool:
        return self.usable and self.status == PluginStatus.HEALTHY

    def move(self, status: PluginStatus, reason: str = "") -> None:
        """Change the status; a change outside the table of `status` is a programming error."""
        if status != self.status and status not in ALLOWED[self.status]:
            raise ValueError(f"{self.id}: {self.status} cannot become {status}")
        if status != self.status:
            self.since = timezone.now()
        self.status = status
        self.reason = self.scrub(reason)

    def scrub(self, text: str) -> str:
        """Return the text without the secrets of this plugin's configuration."""
        return scrub(text, self.secrets)


class PluginRegistry:
    """Ordered plugins by id; duplicates are refused when it is made.

    `variables` are the names that are set in the environment of this process.
    """

    def __init__(
        self, plugins: Sequence[Plugin[Any]] = (), variables: Collection[str] = ()
    ) -> None:
        self.variables = frozenset(variables)
        self._entries = {plugin.id: Entry(plugin) for plugin in plugins}
        self.changing = asyncio.Lock()
        self.noting = asyncio.Lock()

    def get(self, plugin_id: str) -> Entry:
        """Return the entry; raises `PluginUnavailable` when the id is unknown."""
        entry = self._entries.get(plugin_id)
        if entry is None:
            raise PluginUnavailable(
                _("There is no plugin “%(id)s”. Look at the list of plugins.") % {"id": plugin_id}
            )
        return entry

    def put(self, entry: Entry) -> None:
        """Put an entry in the place of the one with the same id."""
        self._entries[entry.id] = entry

    def all(self) -> list[Entry]:
        """Return every entry in registration order."""
        return list(self._entries.values())

    def enabled_of_type(self, plugin_type: PluginType) -> list[Entry]:
        """Return the usable plugins of a type in registration order."""
        return [e for e in self.all() if e.usable and plugin_type in e.plugin.types]


_current: PluginRegistry | None = None


def current() -> PluginRegistry:
    """Return this process's registry; raises `HostNotRunning` before the start."""
    if _current is None:
        raise HostNotRunning(_("This process runs no plugins. Start it with `manage.py serve`."))
    return _current


def is_running() -> bool:
    return _current is not None


def set_current(registry: PluginRegistry | None) -> None:
    """Replace this process's registry; only the lifecycle calls it."""
    global _current
    _current = registry
