"""Whom a plugin speaks for: a person by name, or whoever an API key stands for."""

from typing import cast

from django.utils.translation import gettext as _

from atlas.accounts.api_keys import SCHEME, authenticate_bearer
from atlas.accounts.models import User
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed, NotFound
from plugins_app.sdk import Person
from plugins_app.sdk.people import RoleName


def person_of(as_user: str) -> User:
    """Return the active person of this name, or of this `Authorization` header of an API key.

    The person of a key has the rights of the key. Raises NotFound and NotAllowed.
    """
    if as_user.partition(" ")[0].lower() == SCHEME:
        bearer = authenticate_bearer(as_user)
        if bearer is None:
            raise NotAllowed(
                _("This API key does not work. It may be revoked, expired or mistyped.")
            )
        return bearer.user
    person = User.objects.filter(username=as_user, is_active=True).first()
    if person is None:
        raise NotFound(_("There is no active person of this name."))
    return person


def asker_of(as_user: str) -> User:
    """The same for somebody who may ask; raises NotAllowed for all others."""
    user = person_of(as_user)
    if not user.may_ask:
        raise NotAllowed(
            _("Your role or API key lets you read along, not ask. An admin can change it.")
        )
    return user


async def person(as_user: str) -> Person:
    """Return who it is now, as plugins are told."""
    return await in_db(_person, as_user)


def _person(as_user: str) -> Person:
    user = person_of(as_user)
    role = cast(RoleName, str(user.as_role.value))
    return Person(user.username, role, user.may_ask, user.may_decide)
