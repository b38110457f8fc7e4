"""Makes a plugin's tables before it starts, and says what a person has to do about them."""

import logging
from collections.abc import Collection

from django.db import Error
from django.utils.translation import gettext as _

from atlas.common.db import in_db
from plugins_app.host.registry import Entry
from plugins_app.host.tables.ddl import apply_tables
from plugins_app.host.tables.drift import drift
from plugins_app.host.tables.names import check_tables
from plugins_app.host.upkeep import repairs
from plugins_app.host.upkeep.repairs import Repair
from plugins_app.sdk import PluginError

logger = logging.getLogger(__name__)

AREA = "tables"


async def prepare(entry: Entry, taken: Collection[str]) -> list[str]:
    """Bring the tables to their declaration and return what ran.

    `taken` are names of tables of other plugins. Raises `PluginError` or `django.db.Error` when the
    tables cannot be made; either way the repairs of the plugin say what is left to do.
    """
    try:
        check_tables(entry.plugin, taken)
        applied = await in_db(apply_tables, entry.plugin)
    except (PluginError, Error) as error:
        meaning = entry.scrub(f"{error}")
        cure = _("Correct the schema of the plugin, or the table; then start the plugin again.")
        command = f"manage.py plugin migrate {entry.id}"
        refused = Repair("refused", meaning, cure, command, repairs.AGAIN)
        await repairs.note(entry.id, AREA, [refused])
        raise
    for statement in applied:
        logger.debug("Plugin %s: %s", entry.id, statement)
    await in_db(_note_drift, entry)
    return applied


def _note_drift(entry: Entry) -> None:
    repairs.replace(entry.id, AREA, drift(entry.plugin))
