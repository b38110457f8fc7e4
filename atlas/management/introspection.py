"""What a datasource says of itself and of its tables, by its plugin."""

from django.core.management.base import CommandError

from atlas.semantic.introspected import Introspection
from plugins_app.host.facets import connections
from plugins_app.host.facets.connections import DatasourceInfo


def usable_datasource(datasource: str) -> DatasourceInfo:
    """What is known of a datasource; raises CommandError that names those that can be used."""
    known = {info.id: info for info in connections.list_datasources()}
    if datasource not in known:
        names = ", ".join(sorted(known)) or "none"
        raise CommandError(f"There is no usable datasource {datasource!r}. Known: {names}.")
    return known[datasource]


async def introspect(datasource: str) -> Introspection:
    """Tables, columns and keys that the login may read; no row of any table is read.

    Raises CommandError when the plugin does not describe its tables.
    """
    tables = await connections.inspect_tables(datasource)
    if tables is None:
        raise CommandError(f"The plugin of {datasource!r} does not describe its tables.")
    return Introspection(datasource, tuple(tables))
