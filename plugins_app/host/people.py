"""Lets interaction plugins ask and decide for people; the services say who may do what."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

from atlas.audit.through import acting_through
from atlas.common.errors import AtlasError
from plugins_app.host.calling import sync
from plugins_app.host.registry import Entry
from plugins_app.sdk import Answer, ExploreResult, Person, PluginError, QueryResult, Waiting
from plugins_app.sdk.people import Nobody, People

T = TypeVar("T")

LONGEST_WAIT_S = 600.0


@dataclass(frozen=True)
class Doors:
    """The services that plugins reach, which lie above the host.

    Each takes a user name or the `Authorization` header of an API key.
    """

    person: Callable[[str], Awaitable[Person]]
    ask: Callable[[str, str, str, float], Awaitable[Answer]]
    pending: Callable[[str], Awaitable[Sequence[Waiting]]]
    decide: Callable[[int, str, str, str, str], Awaitable[str]]
    query: Callable[[str, str, str], Awaitable[QueryResult]]
    explore: Callable[[str, str], Awaitable[ExploreResult]]
    semantic_layer: Callable[[str, str], Awaitable[Mapping[str, Any]]]


_doors: Doors | None = None


def install(doors: Doors | None) -> None:
    """Say where the services are; boot does it."""
    global _doors
    _doors = doors


def people_of(entry: Entry) -> People:
    """Return what a plugin is given as people: the real ones only for its type interaction."""
    return PluginPeople(entry) if "interaction" in entry.plugin.types else Nobody()


class PluginPeople:
    """The people that one plugin speaks for, while it is enabled."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    async def person(self, as_user: str) -> Person:
        return await self._through(self._open().person(as_user))

    async def ask(
        self, question: str, as_user: str, *, conversation_id: str, timeout_s: float
    ) -> Answer:
        wait = min(max(timeout_s, 0.0), LONGEST_WAIT_S)
        return await self._through(self._open().ask(question, as_user, conversation_id, wait))

    async def pending(self, as_user: str) -> Sequence[Waiting]:
        return await self._through(self._open().pending(as_user))

    async def decide(
        self,
        request_id: int,
        payload_hash: str,
        decision: Literal["approve", "reject"],
        as_user: str,
        reason: str,
    ) -> str:
        doors = self._open()
        return await self._through(
            doors.decide(request_id, payload_hash, decision, as_user, reason)
        )

    async def query(self, sql: str, as_user: str, *, datasource: str) -> QueryResult:
        return await self._through(self._open().query(sql, as_user, datasource))

    async def explore(self, command: str, as_user: str) -> ExploreResult:
        return await self._through(self._open().explore(command, as_user))

    async def semantic_layer(self, as_user: str, *, datasource: str) -> Mapping[str, Any]:
        return await self._through(self._open().semantic_layer(as_user, datasource))

    def _open(self) -> Doors:
        if not self._entry.enabled:
            raise PluginError(_("This plugin is switched off."))
        if _doors is None:
            raise PluginError(_("This process answers no questions."))
        return _doors

    async def _through(self, work: Awaitable[T]) -> T:
        try:
            with acting_through(f"plugin {self._entry.id}"):
                return await sync.on_main(_awaited(work))
        except AtlasError as error:
            raise PluginError(error.user_message) from None


async def _awaited(work: Awaitable[T]) -> T:
    return await work
