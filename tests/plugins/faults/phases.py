"""A plugin that is at fault in one phase of its life, and what brings that phase about."""

import asyncio
import importlib.metadata
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

from pydantic import field_validator

from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from plugins_app.host import lifecycle, loading, registry, settings
from plugins_app.host.calling import calls
from plugins_app.host.contexts import fragments
from plugins_app.host.facets import backends, connections, hooks, routes, tools
from plugins_app.host.models import PluginRepair
from plugins_app.host.options import overrides, replacing
from plugins_app.host.upkeep import health
from plugins_app.sdk import (
    BeforeQuery,
    Datasource,
    ExploreResult,
    HealthResult,
    Hook,
    Hooks,
    Interaction,
    Plugin,
    PluginConfig,
    QueryLimits,
    Route,
    Sandbox,
    Security,
    Tool,
    ValidationResult,
    WebRequest,
    WebResponse,
    create_plugin,
)
from plugins_app.sdk.testing import FakeConnection

DEADLINE_S = 0.3
# Enough for what answers at once, however busy the machine is.
PATIENCE_S = 20.0
FAULTS = ("hang", "raise", "rubbish", "loop")
# Those that only a deadline ends.
ENDLESS = ("hang", "loop")
LIMITS = QueryLimits(max_rows=10)
ID = "faulty"
ADA = SimpleNamespace(pk=None, get_username=lambda: "ada")


@dataclass
class Fault:
    """What the plugin does in its phase while `on`, and rightly otherwise."""

    kind: str
    release: threading.Event
    on: bool = True
    reached: int = 0

    @property
    def deadline_s(self):
        """Short only where it must pass: the others are to say what they say."""
        return DEADLINE_S if self.kind in ENDLESS else PATIENCE_S

    def now(self, right=None):
        """Do it in a synchronous function."""
        if not self.on:
            return right
        self.reached += 1
        if self.kind == "hang":
            self.release.wait(60)
        while self.kind == "loop" and not self.release.is_set():
            pass
        if self.kind == "raise":
            raise SystemExit("broken on purpose")
        return object()

    async def later(self, right=None):
        """Do it in an asynchronous function; "loop" keeps the plugin's event loop."""
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


class Nothing(PluginConfig):
    pass


@dataclass
class Subject:
    """The plugin and the fault; it has what its phase needs and nothing else.

    With `refuses`, queries are refused when its hook is at fault.
    """

    phase: str
    fault: Fault
    id: str = ID
    refuses: bool = True

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

        return create_plugin(config_model=Config, create=self.create, label=self.id)

    def create(self, config):
        at_fault = self.phase == "config" and self.fault.on and config.text != "file"
        if at_fault and self.fault.kind == "rubbish":
            return object()
        facets = FACETS.get(self.phase, Subject.interaction)(self)
        return Plugin(
            id=self.id,
            version="1",
            config=config,
            **facets,
            initialize=self.initialize if self.phase == "tool" else self.does("initialize"),
            health_check=self.does("health", HealthResult(True, "", 1.0)),
            teardown=self.does("teardown"),
        )

    def datasource(self):
        facet = Datasource(
            create=self.does("create", Connection(self.does_query())),
            db_type="postgres",
            entities=self.does("entities", []),
            validate=self.does("validate", ValidationResult(True)),
        )
        return {"types": ("datasource",), "datasource": facet}

    def context(self):
        provider = Provider(self.does("load", "words"), self.does("refresh"))
        return {"types": ("context",), "context_provider": provider}

    def interaction(self):
        answer = self.does("route", WebResponse(200))
        facet = Interaction(routes=(Route("/x", answer, timeout_s=self.fault.deadline_s),))
        return {"types": ("interaction",), "interaction": facet}

    def hooked(self):
        timeout_s = self.fault.deadline_s
        hook = Hook(self.does("hook"), mandatory=self.refuses, timeout_s=timeout_s)
        if self.fault.kind == "raise" and not self.refuses:
            # A handler that raises refuses the query, which is no fault.
            hook = Hook(lambda event, ctx: None, matcher=self.does("hook", True))
        return {**self.interaction(), "hooks": Hooks(before_query=(hook,))}

    def sandbox(self):
        async def run(command):
            return await self.fault.later(ExploreResult("fine"))

        security = Security(True, True, True, "A test.")
        backend = SimpleNamespace(exec=run, close=lambda: None)
        facet = Sandbox(lambda root: backend, priority=-1, security=security)
        return {"types": ("sandbox",), "sandbox": facet}

    def initialize(self, ctx):
        ctx.tools.register(
            Tool(
                f"tool_{self.fault.kind}",
                "Look",
                Nothing,
                self.does("tool"),
                self.fault.deadline_s,
            )
        )

    def does_query(self):
        async def run(result):
            return await self.fault.later(result) if self.phase == "query" else result

        return run


FACETS = {
    **dict.fromkeys(("entities", "create", "query", "validate"), Subject.datasource),
    **dict.fromkeys(("load", "refresh"), Subject.context),
    "hook": Subject.hooked,
    "exec": Subject.sandbox,
}


async def _refused(work):
    try:
        await work
    except AtlasError as error:
        return error.user_message
    return ""


async def _query(id):
    return await _refused(
        connections.query(id, "SELECT 1", timeout_ms=int(DEADLINE_S * 1000), limits=LIMITS)
    )


async def _validate(id):
    return (await connections.validate(id, "SELECT 1")).reason


async def _load(id):
    found = {one.plugin_id: one for one in await fragments.load_all()}
    return found[id].error


async def _initialize(id):
    await _switched(id, on=False)
    await _switched(id, on=True)
    return registry.current().get(id).reason


async def _switched(id, *, on):
    """As an operator does it."""
    await in_db(settings.set_enabled, id, on, by=ADA)
    await lifecycle.apply_settings()


async def _hook(id):
    return await _refused(hooks.before_query(BeforeQuery("SELECT 1", connection_id=id)))


async def _route(id):
    status = (await routes.answer(id, WebRequest("POST", "/x"))).status
    return "" if status == 200 else f"status {status}"


async def _config(id):
    plugin = registry.current().get(id).plugin
    await in_db(overrides.save, plugin, {"text": "stored"}, by=ADA)
    await lifecycle.apply_settings()
    assert registry.current().get(id).plugin.config.text in ("file", "stored")
    noted = PluginRepair.objects.filter(plugin_id=id)
    return "; ".join(await in_db(lambda: list(noted.values_list("meaning", flat=True))))


async def _teardown(id):
    entry = registry.current().get(id)
    await _switched(id, on=True)
    # One that blocked its thread too often stays off.
    assert entry.usable or entry.thread.off_reason
    await _switched(id, on=False)
    assert not entry.usable
    return ""


async def _health(id):
    return (await health.check(id)).result.message


async def _tool(id):
    (tool,) = registry.current().get(id).tools.values()
    return await _refused(tools.call(id, tool, Nothing(), user_id="", conversation_id=""))


async def _exec(id):
    found = [one for one in backends.by_priority() if one.plugin_id == id]
    if not found:
        # One that blocked its thread too often is off.
        return registry.current().get(id).thread.off_reason
    return await _refused(found[0].exec("ls", root=Path("/"), timeout_s=DEADLINE_S))


async def _entities(id):
    return await _refused(connections.entities(id))


async def _refresh(id):
    return (await fragments.refresh(id)).error


PHASES = {
    "config": _config,
    "initialize": _initialize,
    "entities": _entities,
    "create": _query,
    "query": _query,
    "validate": _validate,
    "load": _load,
    "refresh": _refresh,
    "hook": _hook,
    "tool": _tool,
    "exec": _exec,
    "route": _route,
    "health": _health,
    "teardown": _teardown,
}
# Nothing is expected of these, so there is no rubbish that they could give.
EXPECTS_NOTHING = {(phase, "rubbish") for phase in ("initialize", "refresh", "teardown", "tool")}


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


def shorten(put=setattr, seconds=DEADLINE_S):
    """Make every deadline of the host short, or as long as is said."""
    for module, name in [
        (lifecycle, "INITIALIZE_DEADLINE_S"),
        (lifecycle, "TEARDOWN_DEADLINE_S"),
        (backends, "CREATE_DEADLINE_S"),
        (connections, "CREATE_DEADLINE_S"),
        (connections, "INSPECT_DEADLINE_S"),
        (connections, "VALIDATE_DEADLINE_S"),
        (connections, "QUERY_GRACE_S"),
        (fragments, "LOAD_DEADLINE_S"),
        (fragments, "REFRESH_DEADLINE_S"),
        (health, "DEADLINE_S"),
        (loading, "IMPORT_DEADLINE_S"),
        (replacing, "BUILD_DEADLINE_S"),
    ]:
        put(module, name, seconds)
    assert calls.GRACE_S <= DEADLINE_S
