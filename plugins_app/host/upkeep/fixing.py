"""What the buttons of repairs do."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.common.errors import AtlasError, NotFound
from plugins_app.host import operating
from plugins_app.host.models import PluginRepair
from plugins_app.host.upkeep import installation
from plugins_app.host.upkeep.repairs import AGAIN, CHECK, LOOK

LABELS = {
    AGAIN: gettext_lazy("Start the plugin again"),
    CHECK: gettext_lazy("Check again"),
    LOOK: gettext_lazy("Look again"),
}


def fix(number: str, *, by: Any) -> str:
    """Do what the button of a repair does, and return what became of it.

    Raises `NotFound` when the problem is gone, and `AtlasError` when it was not solved.
    """
    wanted = number.isascii() and number.isdigit() and len(number) < 18
    repair = PluginRepair.objects.filter(pk=number if wanted else 0).first()
    if repair is None or repair.button not in DOINGS:
        raise NotFound(_("This problem is gone."))
    DOINGS[repair.button](repair.plugin_id, by)
    if PluginRepair.objects.filter(pk=repair.pk).exists():
        raise AtlasError(_("It is still so: %(meaning)s") % {"meaning": repair.meaning})
    return _("Solved: %(meaning)s") % {"meaning": repair.meaning}


def _again(plugin_id: str, by: Any) -> None:
    operating.restart(plugin_id, by=by)


def _check(plugin_id: str, _by: Any) -> None:
    operating.check(plugin_id)


def _look(_plugin_id: str, _by: Any) -> None:
    installation.look()


DOINGS: dict[str, Callable[[str, Any], None]] = {AGAIN: _again, CHECK: _check, LOOK: _look}
