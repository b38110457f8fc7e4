"""What a type checker can say about a plugin without its module being imported at run time."""

from dataclasses import dataclass
from typing import Any, Generic

from plugins_app.sdk.datasource import DbType
from plugins_app.sdk.factory import PluginFactory
from plugins_app.sdk.plugin import Actions, Config, Plugin, Type
from plugins_app.sdk.sandbox import Security


@dataclass(frozen=True)
class Inferred(Generic[Config, Type, DbType, Actions]):
    """The types of a plugin by name: Config, Type, Id, Name, Version, DbType, Actions, Security."""

    Config: type[Config]
    Type: Type
    Id: str
    Name: str
    Version: str
    DbType: DbType
    Actions: Actions
    Security: Security


def infer(
    subject: PluginFactory[Any, Plugin[Config, Type, DbType, Actions]]
    | Plugin[Config, Type, DbType, Actions],
) -> Inferred[Config, Type, DbType, Actions]:
    """Name the types of a factory's plugins or of a plugin; for `if TYPE_CHECKING:` blocks only.

    Importing a plugin inside such a block imports nothing at run time.
    """
    raise TypeError("infer() is for type checkers; use the plugin's attributes at run time")
