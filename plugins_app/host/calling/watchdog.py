"""Finds plugins that block their own loop while nobody waits for them, and names the line."""

import asyncio
import logging

from plugins_app.host import registry
from plugins_app.host.registry import Entry

logger = logging.getLogger(__name__)

ANSWER_WITHIN_S = 1.0


async def look() -> list[str]:
    """Ask the loop of every plugin for a sign of life; return the ids of those that gave none.

    A blocked loop is replaced, and the log says where its code was.
    """
    if not registry.is_running():
        return []
    found = await asyncio.gather(*(_is_blocked(entry) for entry in registry.current().all()))
    return [plugin_id for plugin_id in found if plugin_id]


async def _is_blocked(entry: Entry) -> str:
    worker = entry.thread.running
    if worker is None or await worker.answers(ANSWER_WITHIN_S):
        return ""
    place = worker.where()
    if not entry.thread.abandon(worker):
        return ""
    logger.error("Plugin %s blocked its loop at %s", entry.id, place)
    for forget in entry.on_replaced:
        forget()
    return entry.id
