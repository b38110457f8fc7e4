"""What an operator does to a plugin from a page: recorded, and followed here at once."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from atlas.audit.record import Actor
from atlas.common.errors import AtlasError, BadInput
from plugins_app.host import lifecycle, settings
from plugins_app.host.calling import sync
from plugins_app.host.contexts.fragments import Refreshed
from plugins_app.host.options import overrides, replacing
from plugins_app.host.upkeep import background, notices
from plugins_app.sdk import Plugin, PluginError

FOLLOW_S = 60.0
# Longer than any probe, so that its own deadline is what people read.
TRY_S = 40.0


def check(plugin_id: str) -> None:
    """Probe a plugin in this process; raises `AtlasError` that says why it is not healthy."""
    problem = sync.run(background.check_now(plugin_id), timeout_s=TRY_S)
    if problem:
        raise AtlasError(problem)


def switch(plugin_id: str, *, enabled: bool, by: Any) -> None:
    """Switch a plugin on or off everywhere."""
    settings.set_enabled(plugin_id, enabled, by=by)
    _follow()


def restart(plugin_id: str, *, by: Any) -> None:
    """Start a plugin anew everywhere, here at once."""
    settings.request_restart(plugin_id, by=by)
    sync.run(lifecycle.restart(plugin_id), timeout_s=FOLLOW_S)


def refresh(plugin_id: str, *, by: Any) -> Refreshed:
    """Read the context of a plugin again everywhere; returns what changed here."""
    settings.record_refresh(plugin_id, by=by)
    try:
        return sync.run(background.refresh_now(plugin_id, by.get_username()), timeout_s=70)
    finally:
        # Not earlier: this process hears it too, and would read the change before it is compared.
        notices.announce(notices.REFRESH, plugin_id)


def configure(plugin: Plugin[Any], values: Mapping[str, Any], *, by: Actor) -> int:
    """Try the options with the plugin's own health check, store them and return the version.

    Raises `BadInput` when they are wrong or the check says no; then nothing was stored.
    """
    _try(plugin, values)
    number = overrides.save(plugin, values, by=by)
    _follow()
    return number


def go_back(plugin: Plugin[Any], number: int, *, by: Actor) -> int:
    """Use the options of an earlier version again, tried like new ones; raises as `configure`."""
    return configure(plugin, overrides.values_of(plugin.id, number), by=by)


def _try(plugin: Plugin[Any], values: Mapping[str, Any]) -> None:
    try:
        result = sync.run(replacing.tried(plugin, values), timeout_s=TRY_S)
    except PluginError as error:
        raise BadInput(str(error)) from None
    if not result.healthy:
        raise BadInput(
            _("Its health check says: %(reason)s Nothing was stored.")
            % {"reason": result.message or _("it is not healthy.")}
        )


def _follow() -> None:
    sync.run(lifecycle.apply_settings(), timeout_s=FOLLOW_S)
