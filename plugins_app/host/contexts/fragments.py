"""Context fragments: loaded for each question at the same time, with a deadline and an age."""

import asyncio
import datetime
import itertools
import logging
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from plugins_app.host import registry
from plugins_app.host.calling import breaker, calls
from plugins_app.host.registry import Entry
from plugins_app.sdk import ContextFragment

logger = logging.getLogger(__name__)

LOAD_DEADLINE_S = 3.0
REFRESH_DEADLINE_S = 30.0
MAX_CHARACTERS = 100_000
MAX_TERMS = 1_000
MAX_TERM_CHARACTERS = 200
MAX_MEANING_CHARACTERS = 2_000


def told(text: str, terms: Mapping[str, str]) -> str:
    """What a language model is told of a fragment and an admin is shown: text, then terms."""
    lines = "\n".join(f"- {term}: {meaning}" for term, meaning in terms.items())
    return "\n\n".join(part for part in (text, lines) if part)


@dataclass(frozen=True)
class Loaded:
    """The latest fragment of a plugin that could be loaded."""

    text: str
    terms: Mapping[str, str]
    loaded_at: datetime.datetime

    @property
    def told(self) -> str:
        return told(self.text, self.terms)


@dataclass(frozen=True)
class Fragment:
    """What a run gets from one context plugin; an error with a text means the text is old."""

    plugin_id: str
    text: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    age_s: float = 0.0
    error: str = ""

    @property
    def told(self) -> str:
        return told(self.text, self.terms)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh changed; equal texts and terms mean that nothing did."""

    plugin_id: str
    before: Loaded | None
    after: Loaded | None
    error: str = ""
    took_ms: int = 0

    @property
    def changed(self) -> bool:
        old = (self.before.text, dict(self.before.terms)) if self.before else ("", {})
        new = (self.after.text, dict(self.after.terms)) if self.after else ("", {})
        return old != new


_last: "weakref.WeakKeyDictionary[Entry, Loaded]" = weakref.WeakKeyDictionary()
_refreshing: "weakref.WeakKeyDictionary[Entry, asyncio.Task[Refreshed]]" = (
    weakref.WeakKeyDictionary()
)


def last(entry: Entry) -> Loaded | None:
    """Return the latest fragment that could be loaded, without asking the plugin."""
    return _last.get(entry)


async def load_all() -> list[Fragment]:
    """Load every context plugin within 3 s, in registration order; never raises for a plugin.

    A plugin that fails or is late contributes its latest text, with its age and the error.
    """
    entries = registry.current().enabled_of_type("context")
    return list(await asyncio.gather(*(_load(entry) for entry in entries)))


async def refresh_all() -> list[Refreshed]:
    """Refresh every context plugin at the same time."""
    entries = registry.current().enabled_of_type("context")
    return list(await asyncio.gather(*(_refresh_once(entry) for entry in entries)))


async def refresh(plugin_id: str) -> Refreshed:
    """Drop what one plugin cached, load it again and tell what changed.

    Callers that come while a refresh runs share its result.
    """
    entry = registry.current().get(plugin_id)
    if not entry.usable or "context" not in entry.plugin.types:
        return Refreshed(plugin_id, last(entry), last(entry), _("It offers no context now"))
    return await _refresh_once(entry)


async def _refresh_once(entry: Entry) -> Refreshed:
    task = _refreshing.get(entry)
    if task is None or task.done():
        task = asyncio.create_task(_refresh(entry))
        _refreshing[entry] = task
    return await asyncio.shield(task)


async def _refresh(entry: Entry) -> Refreshed:
    before, started = last(entry), time.perf_counter()
    # Somebody asked for this by hand, so what did not answer before is tried again.
    entry.breakers.clear()
    drop = getattr(entry.plugin.context_provider, "refresh", None)
    try:
        if callable(drop):
            await calls.call(entry, drop, timeout_s=REFRESH_DEADLINE_S)
        after = await _call_load(entry, REFRESH_DEADLINE_S)
    except AtlasError as error:
        return Refreshed(entry.id, before, before, error.user_message)
    took_ms = round((time.perf_counter() - started) * 1000)
    return Refreshed(entry.id, before, after, took_ms=took_ms)


async def _load(entry: Entry) -> Fragment:
    pinned = entry.pinned_context
    if pinned is not None:
        # An operator went back to an earlier version; it counts until the next refresh.
        return Fragment(entry.id, pinned.text, pinned.terms, _age(pinned))
    try:
        loaded = await _call_load(entry, LOAD_DEADLINE_S)
    except AtlasError as error:
        logger.warning("Context of plugin %s: %s", entry.id, error.user_message)
        old = last(entry)
        if old is None:
            return Fragment(entry.id, error=error.user_message)
        return Fragment(entry.id, old.text, old.terms, _age(old), error.user_message)
    return Fragment(entry.id, loaded.text, loaded.terms)


def _age(loaded: Loaded) -> float:
    return (timezone.now() - loaded.loaded_at).total_seconds()


async def _call_load(entry: Entry, timeout_s: float) -> Loaded:
    provider = entry.plugin.context_provider
    if provider is None:
        raise AtlasError(_("The plugin offers no context"))
    value = await breaker.call(entry, provider.load, timeout_s=timeout_s)
    if isinstance(value, str):
        value = ContextFragment(value)
    if not _is_fragment(value):
        raise AtlasError(_("Its load() returned neither text nor a ContextFragment"))
    loaded = Loaded(value.text[:MAX_CHARACTERS], _bounded(entry, value.terms), timezone.now())
    _last[entry] = loaded
    return loaded


def _bounded(entry: Entry, terms: Mapping[str, str]) -> dict[str, str]:
    """The first terms, their meanings cut; a term too long to be one is left out."""
    kept = {
        term: meaning[:MAX_MEANING_CHARACTERS]
        for term, meaning in itertools.islice(terms.items(), MAX_TERMS)
        if len(term) <= MAX_TERM_CHARACTERS
    }
    if len(kept) < len(terms):
        logger.warning("Plugin %s: %s of its terms are not used", entry.id, len(terms) - len(kept))
    return kept


def _is_fragment(value: object) -> bool:
    return (
        isinstance(value, ContextFragment)
        and isinstance(value.text, str)
        and isinstance(value.terms, Mapping)
        and all(isinstance(k, str) and isinstance(v, str) for k, v in value.terms.items())
    )
