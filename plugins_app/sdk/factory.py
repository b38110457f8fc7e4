"""create_plugin and define_plugin: validation before anything starts."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from plugins_app.sdk.complaints import of_model, of_parser
from plugins_app.sdk.errors import PluginConfigError, PluginError
from plugins_app.sdk.plugin import Origin, Plugin
from plugins_app.sdk.shape import check_shape

Parsed = TypeVar("Parsed", covariant=True)
Options = TypeVar("Options")
AnyPlugin = TypeVar("AnyPlugin", bound=Plugin[Any])


class Parser(Protocol[Parsed]):
    """Anything that turns raw options into a configuration, and raises when they are wrong."""

    def parse(self, raw: dict[str, Any], /) -> Parsed:
        """Return the configuration; the text of what it raises should name the option."""
        ...


@dataclasses.dataclass(frozen=True)
class PluginFactory(Generic[Options, AnyPlugin]):
    """Makes plugins of one kind; an `id` of its own lets two of a kind live side by side."""

    config_model: type[Options] | Parser[Options]
    create: Callable[[Options], AnyPlugin]
    label: str

    def __call__(
        self, raw: Mapping[str, Any] | None = None, /, *, id: str = "", **options: Any
    ) -> AnyPlugin:
        """Validate the options and build the plugin, or raise an error that names the field."""
        label = id or self.label
        given = {**(raw or {}), **options}
        config = self._config(given, label)
        plugin = self._create(config, label)
        if id:
            plugin = dataclasses.replace(plugin, id=id)
        check_shape(plugin)
        return plugin.with_origin(Origin(self, self.config_model, given))

    def _config(self, options: dict[str, Any], label: str) -> Options:
        try:
            config: Options = _parsed(self.config_model, options)
            return config
        except ValidationError as error:
            problems = of_model(error)
        except Exception as error:  # noqa: BLE001 - a parser may raise whatever it likes
            problems = of_parser(error, options)
        # Raised outside the handler: the original error holds the values that were given.
        raise PluginConfigError(f'Plugin "{label}" has an invalid configuration: {problems}.')

    def _create(self, config: Options, label: str) -> AnyPlugin:
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
    config_model: type[Options] | Parser[Options],
    create: Callable[[Options], AnyPlugin],
    label: str = "",
) -> PluginFactory[Options, AnyPlugin]:
    """Return a typed factory for a plugin that has options.

    `config_model` is a pydantic model class, or any object with a `parse` that raises. `label`
    names the plugin in configuration errors; by default it is the module of `create`.
    """
    if not _is_model(config_model) and not callable(getattr(config_model, "parse", None)):
        raise PluginConfigError("config_model must be a pydantic model or have a parse method.")
    return PluginFactory(config_model, create, label or _label(create))


def define_plugin(plugin: AnyPlugin) -> AnyPlugin:
    """Check a plugin that has no options and return the same object."""
    check_shape(plugin)
    return plugin


def _parsed(config_model: Any, options: dict[str, Any]) -> Any:
    if _is_model(config_model):
        return config_model.model_validate(options)
    return config_model.parse(options)


def _is_model(config_model: object) -> bool:
    return inspect.isclass(config_model) and issubclass(config_model, BaseModel)


def _label(create: Callable[..., Any]) -> str:
    return str(getattr(create, "__module__", None) or "plugin").rpartition(".")[2]
