"""Known problems, each with what it means and what an operator can do about it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error, transaction
from django.db.models.functions import Now

from atlas.common.db import in_db
from plugins_app.host.models import PluginRepair

logger = logging.getLogger(__name__)

# The area of what kept a plugin from starting.
START = "start"
# The area of what a datasource's login may do beyond reading what is listed.
LOGIN = "login"
# What a click does about a problem: start the plugin again, check it, look again, its options.
AGAIN, CHECK, LOOK, OPTIONS = "again", "check", "look", "options"
# Stands for the id of a plugin where the problem is one of the whole installation.
INSTALLATION = ""


@dataclass(frozen=True)
class Repair:
    """One problem; `subject` tells problems of one area apart and stays the same over time.

    `command` and `button` are what fixes it, where something does.
    """

    subject: str
    meaning: str
    cure: str
    command: str = ""
    button: str = ""


async def note(plugin_id: str, area: str, found: Sequence[Repair]) -> None:
    """Replace as `replace` does; a database that is away is logged, and what happens goes on."""
    try:
        await in_db(replace, plugin_id, area, found)
    except Error:
        logger.warning("The repairs of %s could not be written", plugin_id)


def replace(plugin_id: str, area: str, repairs: Sequence[Repair]) -> None:
    """Make these the problems of a plugin in one area; what is solved disappears."""
    with transaction.atomic():
        known = PluginRepair.objects.filter(plugin_id=plugin_id, area=area)
        known.exclude(subject__in=[repair.subject for repair in repairs]).delete()
        for repair in repairs:
            PluginRepair.objects.update_or_create(
                plugin_id=plugin_id,
                area=area,
                subject=repair.subject[:200],
                defaults={
                    "meaning": repair.meaning,
                    "cure": repair.cure,
                    "command": repair.command,
                    "button": repair.button,
                    "seen_at": Now(),
                },
            )


def forget_unseen(plugin_id: str, since: timedelta) -> None:
    """Remove the problems of a plugin that nobody has found again for so long."""
    PluginRepair.objects.filter(plugin_id=plugin_id, seen_at__lt=Now() - since).delete()
