"""What a datasource says about its own tables, by its plugin."""

from django.core.management.base import CommandError

from atlas.semantic.introspected import Introspection
from plugins_app.host.facets import connections


async def introspect(datasource: str) -> Introspection:
    """Tables, columns and keys that the login may read; no row of any table is read.

    Raises CommandError when the plugin does not describe its tables.
    """
    tables = await connections.inspect_tables(datasource)
    if tables is None:
        raise CommandError(f"The plugin of {datasource!r} does not describe its tables.")
    return Introspection(datasource, tuple(tables))
