"""Known problems of plugins, each with what it means and what an operator can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from plugins_app.host.models import PluginRepair


@dataclass(frozen=True)
class Repair:
    """One problem; `subject` tells problems of one area apart and stays the same over time."""

    subject: str
    meaning: str
    cure: str


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
                defaults={"meaning": repair.meaning, "cure": repair.cure},
            )
