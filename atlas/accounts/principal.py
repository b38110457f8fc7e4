"""A person, or a plugin that asks for nobody, as the query path and the explore shell see them."""

import zlib
from dataclasses import dataclass
from uuid import UUID

from atlas.accounts.models import User
from atlas.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """A person with the role of the moment, and the conversation they ask in."""

    user_id: int
    name: str
    role: Role
    conversation_id: UUID | None = None

    @classmethod
    def of(cls, user: User, conversation_id: UUID | None = None) -> "Principal":
        """The principal of a user; a deactivated user may not ask anything."""
        role = user.as_role if user.is_active else Role.VIEWER
        return cls(user.pk, user.get_username(), role, conversation_id)

    @property
    def pk(self) -> int | None:
        return self.user_id

    @property
    def told_id(self) -> str:
        """How hooks of plugins are told who asks."""
        return str(self.user_id)

    def get_username(self) -> str:
        return self.name

    def may_query(self, datasource_id: str) -> bool:
        """Whether the role lets this person ask `datasource_id`; every role that asks may."""
        return bool(datasource_id) and self.role.may_ask

    def may_still_ask(self) -> bool:
        """Whether this person may ask, with no less than this role, by what the database says now.

        A role that became lower counts too: masks and policies were chosen by the higher one.
        """
        asking = [role.value for role in Role if role.may_ask and role.reaches(self.role)]
        people = User.objects.filter(pk=self.user_id, is_active=True, role__in=asking)
        return people.exists()

    def may_explore(self) -> bool:
        """Whether the role lets this person look at the files of the semantic layer."""
        return self.role.may_ask


@dataclass(frozen=True, slots=True)
class PluginPrincipal(Principal):
    """A plugin that asks where nobody is asking: recorded under `plugin:<id>`.

    It has no claims, so it gets nothing of what row policies protect, and what masks show to
    viewers.
    """

    @classmethod
    def of_plugin(cls, plugin_id: str) -> "PluginPrincipal":
        """The principal of a plugin; its number is one that no person has."""
        return cls(-1 - zlib.crc32(plugin_id.encode()), f"plugin:{plugin_id}", Role.VIEWER)

    @property
    def pk(self) -> None:
        return None

    @property
    def told_id(self) -> str:
        return self.name

    def may_query(self, datasource_id: str) -> bool:
        """Every datasource; the host asks only for plugins that are switched on."""
        return bool(datasource_id)

    def may_still_ask(self) -> bool:
        """As `may_query`."""
        return True
