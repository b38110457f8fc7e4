"""An announced plugin that cannot start before an operator has entered its options."""

from typing import Any, NoReturn

from django.utils.translation import gettext as _
from pydantic import BaseModel

from plugins_app.sdk import Plugin, PluginContext, PluginError, PluginFactory, PluginShapeError
from plugins_app.sdk.plugin import Origin
from plugins_app.sdk.shape import PLUGIN_ID


class WaitingPlugin(Plugin[Any]):
    """Stands in the list under the name of the announcement until options are stored.

    It has no type and takes part in nothing; stored options put the real plugin in its place.
    """


def waiting(name: str, factory: PluginFactory[Any, Any]) -> WaitingPlugin:
    """Return what stands for a factory that does not work without options."""
    if not PLUGIN_ID.fullmatch(name):
        raise PluginShapeError(
            _("its name must start with a letter and hold letters, digits, - and _, at most 64")
        )

    names = ", ".join(_required(factory.config_model)) or _("it says no more")

    def initialize(_ctx: PluginContext) -> NoReturn:
        raise PluginError(_("It waits for its options: %(names)s.") % {"names": names})

    origin = Origin(factory, factory.config_model, {})
    return WaitingPlugin(id=name, types=(), version="-", initialize=initialize, origin=origin)


def _required(model: object) -> list[str]:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [name for name, info in model.model_fields.items() if info.is_required()]
