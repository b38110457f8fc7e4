"""A person as the query path and the explore shell see them."""

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
    def pk(self) -> int:
        return self.user_id

    def get_username(self) -> str:
        return self.name

    def may_query(self, datasource_id: str) -> bool:
        """Whether the role lets this person ask `datasource_id`; every role that asks may."""
        return bool(datasource_id) and self.role.may_ask

    def may_explore(self) -> bool:
        """Whether the role lets this person look at the files of the semantic layer."""
        return self.role.may_ask
