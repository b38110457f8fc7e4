"""Keeps versions of context, and puts those that operators went back to in force here."""

import logging

from django.db import Error

from atlas.common.db import in_db
from plugins_app.host import registry
from plugins_app.host.contexts import versions
from plugins_app.host.contexts.fragments import Refreshed, last

logger = logging.getLogger(__name__)


async def follow() -> None:
    """Use in this process the versions that operators went back to, and no others."""
    if not registry.is_running():
        return
    try:
        pinned = await in_db(versions.pinned)
    except Error:
        logger.warning("Earlier versions of context could not be read; it is tried again")
        return
    for entry in registry.current().all():
        entry.pinned_context = pinned.get(entry.id)


async def keep(refreshed: Refreshed, by: str) -> None:
    """Keep what was in use before a refresh and what is now, so that one can go back."""
    entry = registry.current().get(refreshed.plugin_id)
    if refreshed.error or last(entry) is None:
        return
    try:
        if refreshed.before is not None:
            await in_db(versions.keep, entry.id, refreshed.before)
        if refreshed.after is not None:
            await in_db(versions.keep, entry.id, refreshed.after, took_ms=refreshed.took_ms, by=by)
    except Error:
        logger.warning("The context of %s could not be kept", entry.id)
