"""What plugins may ask of Atlas, for whom, and without asking themselves in circles."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plugins_app.host import registry
from plugins_app.host.calling import sync
from plugins_app.host.facets.connections import list_datasources
from plugins_app.sdk import PluginError, QueryResult


@dataclass(frozen=True)
class Ports:
    """The doors of Atlas that plugins reach; `query` takes person, plugin, datasource and SQL."""

    query: Callable[[object | None, str, str, str], Awaitable[QueryResult]]
    tables: Callable[[str], Awaitable[Sequence[str]]]


_ports: Ports | None = None
_acting: ContextVar[object | None] = ContextVar("acting", default=None)
_asking: ContextVar[frozenset[str]] = ContextVar("asking", default=frozenset())


def install(ports: Ports | None) -> None:
    """Say where the doors are; the application does it when it is ready."""
    global _ports
    _ports = ports


@contextmanager
def acting_for(principal: object) -> Iterator[None]:
    """Let plugins that are called inside ask datasources as this person."""
    token = _acting.set(principal)
    try:
        yield
    finally:
        _acting.reset(token)


def asking() -> frozenset[str]:
    """Return the plugins whose own query is being answered; their hooks do not see it."""
    return _asking.get()


class PluginConnections:
    """The datasources, asked through the same gates as people's questions."""

    def __init__(self, plugin_id: str) -> None:
        self._plugin_id = plugin_id

    def list(self) -> tuple[str, ...]:
        return tuple(info.id for info in list_datasources())

    def get(self, connection_id: str) -> "PluginConnection":
        if connection_id not in self.list():
            raise PluginError(_("There is no datasource “%(id)s”.") % {"id": connection_id})
        return PluginConnection(self._plugin_id, connection_id)

    async def tables(self, connection_id: str) -> Sequence[str]:
        return await sync.on_main(_tables(_installed(), connection_id))


@dataclass(frozen=True)
class PluginConnection:
    """One datasource, for one plugin."""

    plugin_id: str
    connection_id: str

    async def query(self, sql: str) -> QueryResult:
        if not registry.current().get(self.plugin_id).enabled:
            raise PluginError(_("This plugin is switched off."))
        return await sync.on_main(self._asked(_installed(), _acting.get(), sql))

    async def _asked(self, ports: Ports, principal: object | None, sql: str) -> QueryResult:
        _asking.set(_asking.get() | {self.plugin_id})
        return await ports.query(principal, self.plugin_id, self.connection_id, sql)


async def _tables(ports: Ports, connection_id: str) -> Sequence[str]:
    return await ports.tables(connection_id)


def _installed() -> Ports:
    if _ports is None:
        raise PluginError(_("This process answers no questions."))
    return _ports
