"""Tools that plugins register for the agent: kept while the plugin runs, called with a deadline."""

import logging
import re
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from atlas.common.jsonable import jsonable
from plugins_app.host import registry
from plugins_app.host.calling import breaker
from plugins_app.host.errors import PluginUnavailable
from plugins_app.host.registry import Entry
from plugins_app.sdk import PluginError, Tool, ToolContext

logger = logging.getLogger(__name__)

NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")
LONGEST_TIMEOUT_S = 60.0


class PluginTools:
    """What `ctx.tools` is: one plugin's tools."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def register(self, tool: Tool[Any]) -> None:
        if not isinstance(tool, Tool) or not callable(tool.run):
            raise PluginError(_("A tool must be a plugins_app.sdk.Tool."))
        if not NAME.fullmatch(str(tool.name)) or not str(tool.description).strip():
            raise PluginError(_("A tool needs a name like a Python name, and a description."))
        if not (isinstance(tool.arguments, type) and issubclass(tool.arguments, BaseModel)):
            raise PluginError(_("The arguments of a tool must be a pydantic model class."))
        if not 0 < tool.timeout_s <= LONGEST_TIMEOUT_S:
            raise PluginError(_("The timeout_s of a tool must be above 0 and at most 60."))
        self._entry.tools[tool.name] = tool


def offered(taken: Collection[str]) -> list[tuple[str, Tool[Any]]]:
    """Return (plugin id, tool) of usable plugins; a name that is taken stays with its owner."""
    if not registry.is_running():
        return []
    found: dict[str, tuple[str, Tool[Any]]] = {}
    for entry in registry.current().all():
        if not entry.usable:
            continue
        for name, tool in entry.tools.items():
            if name in taken or name in found:
                logger.warning("Plugin %s: the tool %s exists already", entry.id, name)
            else:
                found[name] = (entry.id, tool)
    return list(found.values())


async def call(
    plugin_id: str, tool: Tool[Any], arguments: BaseModel, *, user_id: str, conversation_id: str
) -> Any:
    """Run a tool within its deadline and return what it gave as JSON-safe data."""
    entry = registry.current().get(plugin_id)
    if not entry.usable or entry.context is None or entry.tools.get(tool.name) is not tool:
        raise PluginUnavailable(
            _("The tool “%(name)s” is not offered any more.") % {"name": tool.name}
        )
    ctx = ToolContext(entry.context, user_id, conversation_id)
    return jsonable(await breaker.call(entry, tool.run, arguments, ctx, timeout_s=tool.timeout_s))
