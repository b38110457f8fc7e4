"""Tools that a plugin gives to the agent: they only read; what changes something is an action."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from plugins_app.sdk.host import PluginContext

Arguments = TypeVar("Arguments", bound=BaseModel)


@dataclass(frozen=True)
class ToolContext:
    """Given to a tool beside its arguments: who asked, and the plugin's own context."""

    plugin: "PluginContext"
    user_id: str = ""
    conversation_id: str = ""


@dataclass(frozen=True)
class Tool(Generic[Arguments]):
    """Something the agent may look up by itself, without approval; it must not change anything.

    The result is given to the agent as JSON and cut when it is long. A tool of Atlas itself or an
    action of the same name wins. `run` may be synchronous or asynchronous.
    """

    name: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Arguments, ToolContext], Any | Awaitable[Any]]
    timeout_s: float = 10.0
