"""What of Atlas uses a plugin, as far as this process knows."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from plugins_app.host.facets import backends
from plugins_app.host.registry import Entry
from plugins_app.host.tables.names import table_names
from plugins_app.sdk import Hooks

_others: list[Callable[[], Mapping[str, str]]] = []


def also(told: Callable[[], Mapping[str, str]]) -> None:
    """Have parts above the host say what uses plugins, as a sentence for each by its id."""
    _others.append(told)


def uses(entry: Entry) -> list[str]:
    """Return a sentence for each thing that uses the plugin now, and for what waits for it."""
    return uses_of([entry])[entry.id]


def uses_of(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """The same for several plugins by their ids, at the cost of one."""
    others = [told() for told in _others]
    found = {
        entry.id: [*_facets(entry), *_rest(entry)] if entry.usable else [] for entry in entries
    }
    return {
        plugin_id: [*now, *(told[plugin_id] for told in others if plugin_id in told)]
        for plugin_id, now in found.items()
    }


def _facets(entry: Entry) -> Iterator[str]:
    plugin = entry.plugin
    if plugin.datasource is not None:
        yield _("Questions about the datasource %(id)s.") % {"id": entry.id}
    if plugin.context_provider is not None:
        yield _("Every question: its text is given to the agent.")
    if plugin.actions:
        yield _("Proposals of the agent: %(names)s.") % _names(a.name for a in plugin.actions)
    if plugin.interaction is not None and plugin.interaction.routes:
        yield _("Callers of %(address)s.") % {"address": f"/plugins/{entry.id}/"}
    if plugin.interaction is not None and plugin.interaction.transport is not None:
        yield _("Whoever speaks to its own transport.")
    if plugin.sandbox is not None and _is_first_choice(entry):
        yield _("Explore commands: it is the first choice.")


def _rest(entry: Entry) -> Iterator[str]:
    if entry.tools:
        yield _("The agent, as tools: %(names)s.") % _names(entry.tools)
    hooked = [point for point in Hooks.points() if getattr(entry.plugin.hooks, point)]
    if hooked:
        yield _("Hooks: %(names)s.") % _names(hooked)
    tables = table_names(entry.plugin).values()
    if tables:
        yield _("Its own tables: %(names)s.") % _names(tables)


def _is_first_choice(entry: Entry) -> bool:
    return [backend.plugin_id for backend in backends.selection().backends[:1]] == [entry.id]


def _names(names: Iterable[str]) -> dict[str, str]:
    return {"names": ", ".join(sorted(names))}
