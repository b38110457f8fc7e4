"""Wake-ups between processes about plugins: settings changed, context refreshed, a new start."""

import logging
from uuid import uuid4

from atlas.bus import hub
from atlas.bus.hub import Subscription
from atlas.bus.notify import notify
from atlas.bus.topics import Topic

logger = logging.getLogger(__name__)

SETTINGS = "settings"
REFRESH = "refresh"
SEMANTIC = "semantic"
RESTART = "restart"
# Tells this process from all others.
PROCESS = uuid4().hex[:12]


def announce(kind: str, plugin_id: str) -> None:
    """Tell every process, this one included, after the surrounding transaction commits."""
    notify(Topic.PLUGINS, f"{kind}:{plugin_id}")


def subscribe() -> Subscription | None:
    """Return the wake-ups of this process, or None in a process without a bus."""
    try:
        return hub.current().subscribe(Topic.PLUGINS)
    except RuntimeError:
        logger.info("There is no bus in this process, so plugins hear nothing from others")
        return None


def parse(key: str | None) -> tuple[str, str]:
    """Return kind and plugin id; a missed or unknown wake-up means: look at the settings."""
    kind, _, plugin_id = (key or "").partition(":")
    return (
        (kind, plugin_id) if kind in (REFRESH, SEMANTIC, RESTART) and plugin_id else (SETTINGS, "")
    )
