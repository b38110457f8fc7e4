"""Builds what a plugin is given: its database, its logger and a view of the configuration."""

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from plugins_app.host.facets.tools import PluginTools
from plugins_app.host.options.secrets import masked, redacted
from plugins_app.host.people import people_of
from plugins_app.host.ports import PluginConnections
from plugins_app.host.registry import Entry
from plugins_app.host.tables.database import PluginDatabase
from plugins_app.sdk import PluginContext


class PluginLogger:
    """Writes to the log under the plugin's name, without the secrets of its configuration.

    `hear` gets the same lines from the level info upwards, in the thread that writes them.
    """

    def __init__(
        self,
        plugin_id: str,
        secrets: frozenset[str],
        hear: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._hear = hear
        self._logger = logging.getLogger(f"plugins_app.plugin.{plugin_id}")
        self._secrets = secrets

    def debug(self, message: str, *args: object) -> None:
        self._write(logging.DEBUG, message, args)

    def info(self, message: str, *args: object) -> None:
        self._write(logging.INFO, message, args)

    def warning(self, message: str, *args: object) -> None:
        self._write(logging.WARNING, message, args)

    def error(self, message: str, *args: object) -> None:
        self._write(logging.ERROR, message, args)

    def _write(self, level: int, message: str, args: tuple[object, ...]) -> None:
        is_heard = level >= logging.INFO
        if not is_heard and not self._logger.isEnabledFor(level):
            return
        try:
            text = message % args if args else message
        except (TypeError, ValueError):
            text = f"{message} {args}"
        text = masked(text, self._secrets)
        self._logger.log(level, "%s", text)
        if is_heard:
            self._hear(text)


def build_context(entry: Entry, config: Mapping[str, Any]) -> PluginContext:
    """Return the context of one plugin; `config` is redacted here."""
    return PluginContext(
        plugin_id=entry.id,
        db=PluginDatabase(entry.plugin),
        logger=PluginLogger(entry.id, entry.secrets),
        config=MappingProxyType(redacted("", config)),
        connections=PluginConnections(entry.id),
        tools=PluginTools(entry),
        people=people_of(entry),
    )
