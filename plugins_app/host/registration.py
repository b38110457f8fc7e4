"""Refuses a list of plugins that cannot be registered, with everything that is wrong at once."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from plugins_app.host.errors import StartBlocked
from plugins_app.host.options.waiting import WaitingPlugin
from plugins_app.sdk import Plugin, PluginShapeError, define_plugin


def refuse_unsound(plugins: Sequence[Plugin[Any]]) -> None:
    """Raise `StartBlocked` that names each broken shape and each id that is used twice."""
    problems = [problem for plugin in plugins if (problem := _shape(plugin))]
    counted = Counter(plugin.id for plugin in plugins if isinstance(plugin, Plugin))
    doubled = sorted(plugin_id for plugin_id, count in counted.items() if count > 1)
    if doubled:
        problems.append(
            _("Each plugin needs an id of its own. Used twice: %(ids)s. Give one of them `id=`.")
            % {"ids": ", ".join(doubled)}
        )
    if problems:
        raise StartBlocked("\n".join(problems))


def _shape(plugin: Plugin[Any]) -> str:
    if isinstance(plugin, WaitingPlugin):
        return ""
    # Not every plugin came out of a factory: one made by hand has not been looked at yet.
    try:
        define_plugin(plugin)
    except PluginShapeError as error:
        return str(error)
    return ""
