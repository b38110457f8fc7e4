"""Errors that plugins raise, and what each of them means to the host."""


class PluginError(Exception):
    """Base of every error of the SDK; its text is shown to people, so it holds no secrets.

    `position` is the character of a statement, counted from 1, at which its engine stumbled.
    `sqlstate` is the class of what went wrong in the five characters of the SQL standard, where
    the driver's own error does not carry it; people are told the class and no other words.
    """

    position: int | None = None
    sqlstate: str | None = None

    def __init__(
        self, *args: object, position: int | None = None, sqlstate: str | None = None
    ) -> None:
        """Keep the sentence, the place in the statement and the class where they are known."""
        super().__init__(*args)
        self.position = position
        if sqlstate is not None:  # a class of errors may say it for all of its own
            self.sqlstate = sqlstate


class PluginConfigError(PluginError):
    """The configuration given to a factory is invalid; names the plugin and each field."""


class PluginShapeError(PluginError):
    """The plugin object breaks a rule of the contract; names the plugin and the property."""


class MissingDriverError(PluginError):
    """An optional package is not installed; `command` installs it, and the text ends with it."""

    command = ""


class BrokenDriverError(PluginError):
    """An optional package cannot be imported; the text says why, `command` installs it again."""

    command = ""


class FatalConfigurationError(PluginError):
    """Raised by `initialize()` to stop the whole start-up; any other error isolates the plugin."""


class Reject(PluginError):
    """Raised by a hook to refuse what it guards, or by an action to refuse its arguments.

    Nothing has happened when it is raised; the reason is shown to the user.
    """

    def __init__(self, reason: str) -> None:
        """Keep the one sentence shown to the user."""
        super().__init__(reason)
        self.reason = reason


class ActionFailed(PluginError):
    """Raised by an action that is certain that nothing happened outside.

    Any other error leaves the outcome unknown, and it is shown as unknown.
    """


class OutcomeUnknown(PluginError):
    """Raised by an action that cannot tell whether it happened, for example after a lost reply."""
