"""A plugin that is at fault in one phase of its life, and what brings that phase about."""

import asyncio
import importlib.metadata
import sys
import threading
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace

from pydantic import field_validator

from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from plugins_app.host import (
    calls,
    connections,
    fragments,
    health,
    hooks,
    lifecycle,
    loading,
    overrides,
    registry,
    replacing,
    routes,
)
from plugins_app.host.models import PluginRepair
from plugins_app.sdk import (
    BeforeQuery,
    Datasource,
    HealthResult,
    Hook,
    Hooks,
    Interaction,
    Plugin,
    PluginConfig,
    QueryLimits,
    Route,
    WebRequest,
    WebResponse,
    create_plugin,
)
from plugins_app.sdk.testing import FakeConnection

DEADLINE_S = 0.3
FAULTS = ("hang", "raise", "rubbish", "block")
LIMITS = QueryLimits(max_rows=10)
ID = "faulty"


@dataclass
class Fault:
    """What the plugin does in its phase while `on`, and rightly otherwise."""

    kind: str
    release: threading.Event
    on: bool = True
    reached: int = 0

    def now(self, right=None):
        """Do it in a synchronous function."""
        if not self.on:
            return right
        self.reached += 1
        if self.kind in ("hang", "block"):
            self.release.wait(30)
        if self.kind == "raise":
            raise SystemExit("broken on purpose")
        return object()

    async def later(self, right=None):
        """Do it in an asynchronous function; "block" keeps the plugin's loop."""
        if self.on and self.kind == "hang":
            self.reached += 1
            await asyncio.Event().wait()
        return self.now(right)


class Provider:
    def __init__(self, load, refresh):
        self.load, self.refresh = load, refresh


class Connection(FakeConnection):
    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    async def query(self, sql, timeout_ms=None, *, limits=None):
        return await self.answer(self.result)


@dataclass
class Subject:
    """The plugin and the fault; every phase that is not at fault works."""

    phase: str
    fault: Fault
    said: list = field(default_factory=list)

    def does(self, phase, right=None):
        async def run(*args):
            return await self.fault.later(right) if self.phase == phase else right

        return run

    def factory(self):
        subject = self

        class Config(PluginConfig):
            text: str = "file"

            @field_validator("text")
            @classmethod
            def check(cls, text):
                at_fault = subject.phase == "config" and text == "stored"
                return subject.fault.now(text) if at_fault else text

        return create_plugin(config_model=Config, create=self.create, label=ID)

    def create(self, config):
        if self.phase == "config" and self.fault.kind == "rubbish" and config.text != "file":
            return object()
        connection = Connection(self.does_query())
        return Plugin(
            id=ID,
            types=("datasource", "context", "interaction"),
            version="1",
            config=config,
            datasource=Datasource(
                create=self.does("create", connection),
                db_type="postgres",
                entities=self.does("entities", []),
            ),
            context_provider=Provider(self.does("load", "words"), self.does("refresh")),
            interaction=Interaction(
                routes=(Route("/x", self.does("route", WebResponse(200)), timeout_s=DEADLINE_S),)
            ),
            hooks=Hooks(
                before_query=(Hook(self.does("hook"), mandatory=True, timeout_s=DEADLINE_S),)
            ),
            initialize=self.does("initialize"),
            health_check=self.does("health", HealthResult(True, "", 1.0)),
            teardown=self.does("teardown"),
        )

    def does_query(self):
        async def run(result):
            return await self.fault.later(result) if self.phase == "query" else result

        return run


async def _refused(work):
    try:
        await work
    except AtlasError as error:
        return error.user_message
    return ""


async def _query():
    return await _refused(
        connections.query(ID, "SELECT 1", timeout_ms=int(DEADLINE_S * 1000), limits=LIMITS)
    )


async def _load():
    found = {one.plugin_id: one for one in await fragments.load_all()}
    return found[ID].error


async def _initialize():
    entry = registry.current().get(ID)
    await lifecycle._set_enabled(entry, False)
    await lifecycle._set_enabled(entry, True)
    return entry.reason


async def _hook():
    return await _refused(hooks.before_query(BeforeQuery("SELECT 1")))


async def _route():
    status = (await routes.answer(ID, WebRequest("POST", "/x"))).status
    return "" if status == 200 else f"status {status}"


async def _config():
    plugin = registry.current().get(ID).plugin
    ada = SimpleNamespace(pk=None, get_username=lambda: "ada")
    await in_db(overrides.save, plugin, {"text": "stored"}, by=ada)
    await lifecycle.apply_settings()
    assert registry.current().get(ID).plugin.config.text in ("file", "stored")
    meanings = await in_db(lambda: list(PluginRepair.objects.values_list("meaning", flat=True)))
    return "; ".join(meanings)


async def _teardown():
    entry = registry.current().get(ID)
    await lifecycle._set_enabled(entry, False)
    assert not entry.usable
    return ""


async def _health():
    return (await health.check(ID)).result.message


PHASES = {
    "config": _config,
    "initialize": _initialize,
    "entities": lambda: _refused(connections.entities(ID)),
    "create": _query,
    "query": _query,
    "load": _load,
    "refresh": lambda: _error_of_refresh(),
    "hook": _hook,
    "route": _route,
    "health": _health,
    "teardown": _teardown,
}
# Nothing is expected of these, so there is no rubbish that they could give.
EXPECTS_NOTHING = {("initialize", "rubbish"), ("refresh", "rubbish"), ("teardown", "rubbish")}


async def _error_of_refresh():
    return (await fragments.refresh(ID)).error


def announced(monkeypatch, fault):
    """Announce a package whose import is at fault; return what loads the plugins."""
    module = ModuleType("faulty_import")

    def attribute(name):
        if name != "thing":
            raise AttributeError(name)
        return fault.now()

    module.__getattr__ = attribute
    monkeypatch.setitem(sys.modules, "faulty_import", module)
    point = importlib.metadata.EntryPoint(ID, "faulty_import:thing", loading.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point])
    return loading.load


def shorten(monkeypatch):
    """Make every deadline of the host short."""
    for module, name in [
        (lifecycle, "INITIALIZE_DEADLINE_S"),
        (lifecycle, "TEARDOWN_DEADLINE_S"),
        (connections, "CREATE_DEADLINE_S"),
        (connections, "INSPECT_DEADLINE_S"),
        (connections, "QUERY_GRACE_S"),
        (fragments, "LOAD_DEADLINE_S"),
        (fragments, "REFRESH_DEADLINE_S"),
        (health, "DEADLINE_S"),
        (loading, "IMPORT_DEADLINE_S"),
        (replacing, "BUILD_DEADLINE_S"),
    ]:
        monkeypatch.setattr(module, name, DEADLINE_S)
    assert calls.GRACE_S <= DEADLINE_S
