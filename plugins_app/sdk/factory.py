"""create_plugin and define_plugin: validation before anything starts."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Secret, SecretStr, ValidationError

from plugins_app.sdk.errors import PluginConfigError, PluginError
from plugins_app.sdk.plugin import Plugin
from plugins_app.sdk.shape import check_shape

ConfigModel = TypeVar("ConfigModel", bound=BaseModel)
AnyPlugin = TypeVar("AnyPlugin", bound=Plugin[Any])


@dataclasses.dataclass(frozen=True)
class PluginFactory(Generic[ConfigModel, AnyPlugin]):
    """Makes plugins of one kind; an `id` of its own lets two of a kind live side by side."""

    config_model: type[ConfigModel]
    create: Callable[[ConfigModel], AnyPlugin]
    label: str

    def __call__(
        self, raw: Mapping[str, Any] | None = None, /, *, id: str = "", **options: Any
    ) -> AnyPlugin:
        """Validate the options and build the plugin, or raise an error that names the field."""
        label = id or self.label
        config = self._config({**(raw or {}), **options}, label)
        plugin = self._create(config, label)
        if id:
            plugin = dataclasses.replace(plugin, id=id)
        check_shape(plugin)
        return plugin

    def _config(self, options: Mapping[str, Any], label: str) -> ConfigModel:
        try:
            return self.config_model.model_validate(dict(options))
        except ValidationError as error:
            problems = "; ".join(_problem(item) for item in error.errors(include_url=False))
        # Raised outside the handler: the original error holds the values that were given.
        raise PluginConfigError(f'Plugin "{label}" has an invalid configuration: {problems}.')

    def _create(self, config: ConfigModel, label: str) -> AnyPlugin:
        try:
            plugin = self.create(config)
        except PluginError:
            raise
        except Exception as error:
            raise PluginConfigError(
                f'Plugin "{label}" could not be created: create() raised {type(error).__name__}.'
            ) from error
        if not isinstance(plugin, Plugin):
            raise PluginConfigError(f'Plugin "{label}": create() must return a Plugin.')
        return plugin


def create_plugin(
    *,
    config_model: type[ConfigModel],
    create: Callable[[ConfigModel], AnyPlugin],
    label: str = "",
) -> PluginFactory[ConfigModel, AnyPlugin]:
    """Return a typed factory for a plugin that has options.

    `label` names the plugin in configuration errors; by default it is the module of `create`.
    """
    return PluginFactory(config_model, create, label or create.__module__.rpartition(".")[2])


def define_plugin(plugin: AnyPlugin) -> AnyPlugin:
    """Check a plugin that has no options and return the same object."""
    check_shape(plugin)
    return plugin


def _problem(item: Any) -> str:
    field = ".".join(str(part) for part in item["loc"]) or "configuration"
    message = str(item["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{field}: {_without_values(message, item.get('input'))}"


def _without_values(message: str, given: Any) -> str:
    """Drop from an author's message every value that was given, nested ones too."""
    if isinstance(given, Mapping):
        values = list(given.values())
    elif isinstance(given, (list, tuple, set)):
        values = list(given)
    else:
        plain = given.get_secret_value() if isinstance(given, Secret | SecretStr) else given
        text = str(plain)
        return message.replace(text, "***") if len(text) > 2 else message
    for value in values:
        message = _without_values(message, value)
    return message
