"""What the host raises when a plugin cannot do what was asked of it."""

from atlas.common.errors import AtlasError


class PluginUnavailable(AtlasError):
    """The plugin is unknown, disabled, not initialized or switched off; it was not called."""

    code = "plugin_unavailable"


class PluginTimeout(AtlasError):
    """The plugin did not answer before its deadline; whether it acted is not known."""

    code = "plugin_timeout"


class PluginFailed(AtlasError):
    """The plugin raised; `error` is what it raised, the message holds no secret of it."""

    code = "plugin_failed"

    def __init__(self, user_message: str, error: BaseException) -> None:
        super().__init__(user_message)
        self.error = error


class StartBlocked(AtlasError):
    """The host refuses to start until the configuration is repaired."""

    code = "plugin_start_blocked"


class HostNotRunning(AtlasError):
    """This process runs no plugins."""

    code = "plugins_not_running"


class HookRejected(AtlasError):
    """A hook refused the operation; nothing was done."""

    code = "rejected_by_plugin"

    def __init__(self, user_message: str, plugin_id: str = "") -> None:
        super().__init__(user_message)
        self.plugin_id = plugin_id


class ActionDidNotHappen(AtlasError):
    """The action certainly had no effect."""

    code = "action_failed"


class ActionOutcomeUnknown(AtlasError):
    """The action may or may not have had its effect."""

    code = "action_unknown"
