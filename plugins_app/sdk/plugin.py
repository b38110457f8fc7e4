"""The plugin object: five optional facets, and what every plugin may have."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Self

from typing_extensions import TypeVar

from plugins_app.sdk.action import Action
from plugins_app.sdk.context import ContextProvider
from plugins_app.sdk.datasource import Datasource, DbType
from plugins_app.sdk.health import HealthResult
from plugins_app.sdk.hooks import Hooks
from plugins_app.sdk.host import PluginContext
from plugins_app.sdk.interaction import Interaction
from plugins_app.sdk.sandbox import Sandbox
from plugins_app.sdk.tables import Table

PluginType = Literal["datasource", "context", "interaction", "action", "sandbox"]
PLUGIN_TYPES: tuple[PluginType, ...] = (
    "datasource",
    "context",
    "interaction",
    "action",
    "sandbox",
)
Config = TypeVar("Config", default=Any, covariant=True)
Type = TypeVar("Type", bound=PluginType, default=PluginType, covariant=True)
Actions = TypeVar(
    "Actions", bound=tuple[Action[Any], ...], default=tuple[Action[Any], ...], covariant=True
)


@dataclass(frozen=True)
class Origin:
    """How a factory made a plugin, so that the host can make it again with other options."""

    factory: Callable[..., Any]
    model: object
    options: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Plugin(Generic[Config, Type, DbType, Actions]):
    """A unit of extension; `types` must name exactly the facets that are given.

    `initialize` runs once at start; with `required` any error in it stops the start-up, otherwise
    only `FatalConfigurationError` does. `health_check` returns and never raises. `teardown` runs
    at shutdown in reverse order. All three may be synchronous or asynchronous.

    A probe that costs something, such as making a sandbox, names a longer `health_interval_s`.
    The type parameters after the configuration are for `infer` and may be left out. A plugin of
    several types needs the annotation `Plugin[Config]`, or `Plugin[None]` without options.
    """

    id: str
    types: tuple[Type, ...]
    version: str
    name: str = ""
    config: Config | None = field(default=None, repr=False)
    datasource: Datasource[DbType] | None = None
    context_provider: ContextProvider | None = None
    interaction: Interaction | None = None
    actions: Actions = ()  # type: ignore[assignment]  # the default of a type parameter
    sandbox: Sandbox | None = None
    hooks: Hooks = field(default_factory=Hooks)
    schema: Mapping[str, Table] = field(default_factory=dict)
    initialize: Callable[[PluginContext], object | Awaitable[object]] | None = None
    health_check: Callable[[], HealthResult | Awaitable[HealthResult]] | None = None
    teardown: Callable[[], object | Awaitable[object]] | None = None
    required: bool = False
    health_interval_s: float = 30.0
    origin: Origin | None = field(default=None, repr=False)

    def with_origin(self, origin: Origin) -> Self:
        """Return the plugin with how it was made; factories and the host call it."""
        return replace(self, origin=origin)

    @property
    def label(self) -> str:
        """The name for people, or the id when there is none."""
        return self.name or self.id
