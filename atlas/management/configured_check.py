"""Checks a query as the configuration would: for one person, or for nobody in particular."""

from django.core.management.base import CommandError

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources.checking import guard
from atlas.datasources.journal import Asked
from atlas.datasources.layer_folder import layer_folder
from atlas.datasources.previewing import Preview, applied_to, preview
from atlas.env import environment
from atlas.management.introspection import usable_datasource
from atlas.management.layers import needed_layer
from atlas.management.plugins import with_plugins
from atlas.semantic.layer import SemanticLayer
from atlas.sql.types import Rejection


def configured_check(sql: str, person: str | None) -> Preview | Rejection:
    """The verdict and the policies that would apply, by the layer's files and the configuration.

    Without a person no exception of a mask holds, and claims are not looked at. Raises
    `CommandError` for an unknown person, or without a layer or its datasource.
    """
    datasource = layer_folder(environment()).datasource
    layer = needed_layer(environment(), datasource)
    try:
        return with_plugins(lambda: _check(sql, person, datasource, layer))
    except AtlasError as error:
        raise CommandError(error.user_message) from error


async def _check(
    sql: str, person: str | None, datasource: str, layer: SemanticLayer
) -> Preview | Rejection:
    if person is not None:
        who = Principal.of(await in_db(_person, person))
        return await preview(Asked(who, datasource, sql, "check", governed=False), layer)
    query = await guard(sql, usable_datasource(datasource), layer)
    if isinstance(query, Rejection):
        return query
    return Preview(query, applied_to(query, layer.catalog(), None))


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active person called {name!r}.")
    return person
