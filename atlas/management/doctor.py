"""The sections of `manage.py doctor`: everything an operator can get wrong, looked at for real."""

import asyncio
import importlib.util
import platform
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from atlas import mailing
from atlas.datasources.layer_folder import layer_folder
from atlas.datasources.limits import Limits, chosen_limits
from atlas.datasources.models import SemanticVersion
from atlas.env import Environment, environment, set_names
from atlas.notices.mail import MailServerAway, connect, leave
from atlas.notices.outbox import latest_problems
from atlas.runtime.databases import database_urls, local_postgres
from atlas.runtime.diagnosis import Finding, Section, failed, passed, warned
from atlas.runtime.logins import logins_of
from atlas.runtime.migration import restrictions
from atlas.runtime.probe import CONNECTIONS, OLDEST_VERSION, probe
from atlas.runtime.schema import missing_migrations, refuse_newer, unreachable
from atlas.runtime.walls import walls
from atlas.semantic.loader import load_layer
from plugins_app.host import lifecycle, loading
from plugins_app.host.facets import actions, backends
from plugins_app.host.upkeep import health

MIGRATE = "Run manage.py migrate."
CONNECT_TIMEOUT_S = 5
# These look at nothing when the database does not answer, and would each wait for it.
NEED_DATABASE = frozenset({"Logins", "Connections", "Semantic layer", "Plugins", "Notices"})
OWN_MODELS = ("builtin", "scripted")


def sections() -> dict[str, Section]:
    """The sections by title, in the order in which one failure explains the next."""
    return {
        "Environment": environment_section,
        "Configuration": configuration_section,
        "Databases": databases_section,
        "Logins": logins_section,
        "Connections": connections_section,
        "Semantic layer": semantic_section,
        "Model": model_section,
        "Plugins": plugins_section,
        "Notices": notices_section,
    }


def environment_section() -> Iterator[Finding]:
    """Python, and every variable with its source; secrets are only said to be set."""
    yield passed("Python", f"{platform.python_version()} at {sys.prefix}")
    env = environment()
    for name, field in Environment.model_fields.items():
        source = "environment" if name in env.model_fields_set else "default"
        yield passed(str(field.alias), f"{_shown(getattr(env, name))} ({source})")
    if "*" in env.allowed_hosts:
        yield warned(
            "ATLAS_ALLOWED_HOSTS",
            "* lets every website open sockets here",
            "Name the hosts under which Atlas is reached.",
        )


def configuration_section() -> Iterator[Finding]:
    """What the operator's file says, each value with its source."""
    env = environment()
    module = loading.read_config(env.config)
    source = f"ATLAS_CONFIG: {env.config}"
    yield passed("Plugins", ", ".join(plugin.id for plugin in module.plugins) or "none")
    yield passed("Datasource", f"{getattr(module, 'default_datasource', '')} ({source})")
    chosen, usual = chosen_limits(module), Limits()
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        where = "default" if value == getattr(usual, field.name) else source
        yield passed(f"limits.{field.name}", f"{value} ({where})")


def databases_section() -> Iterator[Finding]:
    """Both logins connect, the server is new enough, and every migration is applied."""
    env = environment()
    if env.database_url is None:
        yield passed("Local PostgreSQL", f"files in {local_postgres(env).places.folder}")
    for alias in ("default", "owner"):
        with _session(alias) as session:
            found = probe(session)
        label = f"Database ({alias})"
        detail = f"PostgreSQL {found.version_text} as {connections[alias].settings_dict['USER']}"
        if found.version < OLDEST_VERSION:
            yield failed(label, detail, "Use PostgreSQL 15 or newer.")
        else:
            yield passed(label, detail)
    loader = MigrationLoader(connections["owner"])
    refuse_newer(loader)
    waiting = missing_migrations(loader)
    if waiting:
        yield failed("Migrations", f"{len(waiting)} are not applied", MIGRATE)
    else:
        yield passed("Migrations", "all applied")


def logins_section() -> Iterator[Finding]:
    """Which walls between the running login and the tables stand."""
    logins = logins_of(*database_urls(environment()))
    if logins.are_two:
        yield passed("Two logins", f"{logins.app} runs, {logins.owner} owns")
    with _session("default") as session:
        found = walls(session, restrictions())
    for wall in found:
        if wall.stands:
            yield passed("Wall", wall.promise)
        else:
            yield warned("Wall is missing", wall.promise, wall.cure)


def connections_section() -> Iterator[Finding]:
    """Adds up the connections of one process, and whether the server has room for more of them."""
    with _session("default") as session:
        found = probe(session)
    parts = {**CONNECTIONS, **_sources_on_the_same_server()}
    each = sum(parts.values())
    added = " + ".join(f"{count} {name}" for name, count in parts.items())
    yield passed("One process", f"{added} = {each}")
    more = found.more_processes(each)
    detail = f"{found.used} of {found.room} open: room for {more} more processes"
    if more == 0:
        yield warned("Budget", detail, "Raise max_connections of PostgreSQL or stop a process.")
    else:
        yield passed("Budget", detail)
    if found.notifies:
        yield passed("Notifications", "LISTEN and NOTIFY work")
    else:
        yield warned(
            "Notifications",
            "LISTEN hears nothing, so answers arrive with up to 2 s delay",
            "Connect directly or through a pooler in session mode.",
        )


def _sources_on_the_same_server() -> dict[str, int]:
    """The pools of datasources that connect to the server of Atlas's own tables, by id."""
    own = _server_of(database_urls(environment())[0])
    found: dict[str, int] = {}
    for plugin in loading.load(environment().config).plugins:
        url, size = getattr(plugin.config, "url", None), getattr(plugin.config, "pool_size", None)
        address = url.get_secret_value() if isinstance(url, SecretStr) else ""
        is_postgres = address.startswith(("postgresql://", "postgres://"))
        if isinstance(size, int) and is_postgres and _server_of(address) == own:
            found[f"datasource {plugin.id}"] = size
    return found


def _server_of(url: str) -> tuple[str, str]:
    parts = conninfo_to_dict(url)
    return str(parts.get("host", "")), str(parts.get("port", "5432"))


def semantic_section() -> Iterator[Finding]:
    """The files are readable, or the newest stored layer is there."""
    folder = layer_folder(environment())
    if folder.path.is_dir():
        layer = load_layer(folder.path)
        where = f"{folder.path} ({folder.named_by})"
        yield passed("Files", f"{len(layer.entities)} entities in {where}")
    newest = SemanticVersion.objects.order_by("datasource", "-id").distinct("datasource")
    stored = list(newest.values_list("datasource", "digest", "loaded_at"))
    for datasource, digest, loaded_at in stored:
        yield passed("In force", f"{datasource} {digest[:12]} since {loaded_at:%Y-%m-%d %H:%M}")
    if not folder.path.is_dir():
        yield warned(
            "Files",
            f"{folder.path} ({folder.named_by}) is not there",
            "Run manage.py semantic draft ID, or name the folder in ATLAS_SEMANTIC_DIR.",
        )


def model_section() -> Iterator[Finding]:
    """The chosen model's client is installed and has a key or an address."""
    env = environment()
    kind = env.model.partition(":")[0]
    if kind in OWN_MODELS:
        yield passed("Model", f"{env.model}, needs nothing from outside")
    elif importlib.util.find_spec("pydantic_ai") is None:
        yield failed("Model", env.model, "Install the package pydantic-ai-slim[openai,anthropic].")
    elif env.model_api_key is None and env.model_base_url is None:
        yield failed("Model", f"{env.model} has no key", "Set ATLAS_MODEL_API_KEY.")
    else:
        yield passed("Model", env.model)


def notices_section() -> Iterator[Finding]:
    """The mail server lets Atlas in, and nothing was refused lately."""
    server = mailing.configured(environment())
    if server is None:
        yield passed("Email notices", "off; ATLAS_MAIL_URL and ATLAS_MAIL_FROM switch them on")
        return
    yield passed("Email notices", f"by {server} as {server.sender}, links to {server.site}")
    try:
        leave(connect(server))
        yield passed("Mail server", "lets Atlas in")
    except MailServerAway as away:
        yield warned("Mail server", str(away), "Notices wait. Start it or cure ATLAS_MAIL_URL.")
    for status, count in latest_problems().items():
        yield warned("Notices", f"{count} {status.label} in 24 hours", "See Notices in admin.")


def plugins_section() -> Iterator[Finding]:
    """Each plugin starts here and answers its health check."""
    if environment().safe_mode:
        yield warned("Plugins", "none in safe mode", "Unset ATLAS_SAFE_MODE.")
        return
    yield from asyncio.run(_check_plugins())


async def _check_plugins() -> list[Finding]:
    loaded = loading.load(environment().config)
    found = [
        warned("Package", problem, "Repair or remove the package.") for problem in loaded.problems
    ]
    registry = await lifecycle.start(loaded.plugins, variables=set_names())
    try:
        await health.check_all()
        for entry in registry.all():
            found += [_plugin_finding(entry), *_credential_findings(entry, registry.variables)]
        found.append(_sandbox_finding())
    finally:
        await lifecycle.stop()
    return found


def _sandbox_finding() -> Finding:
    selected = backends.selection()
    if not backends.by_priority() and not environment().sandbox:
        return warned("Sandbox", selected.reason, "Add virtual_shell() to the plugins, if wanted.")
    if not any(backend.healthy for backend in selected.backends):
        return failed("Sandbox", selected.reason, "Enable a sandbox plugin or change the variable.")
    first = selected.backends[0]
    declared = first.security.description or "it says nothing about its isolation"
    return passed("Sandbox", f"{first.plugin_id}: {selected.reason} {declared}")


def _credential_findings(entry: Any, variables: Collection[str]) -> Iterator[Finding]:
    for name in actions.missing_credentials(entry.plugin, variables):
        yield warned(
            entry.id, f"{name} is not set", "Set it in the plugin's options or the environment."
        )


def _plugin_finding(entry: Any) -> Finding:
    result = entry.last_health.result
    if not entry.enabled:
        return passed(entry.id, "switched off")
    if result.healthy:
        said = f". {result.message}" if result.message else ""
        return passed(entry.id, f"healthy in {result.latency_ms or 0:.0f} ms{said}")
    return failed(entry.id, "unhealthy", result.message or "It says nothing more.")


@contextmanager
def _session(alias: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of its own: a pool would try for long without saying why."""
    urls = database_urls(environment())
    url = urls[0] if alias == "default" else urls[1]
    try:
        session = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
    except psycopg.Error as error:
        raise unreachable(connections[alias].settings_dict["USER"], error) from error
    with session:
        yield session


def _shown(value: object) -> str:
    if hasattr(value, "get_secret_value"):
        return "set"
    return "not set" if value is None or value == "" else str(value)
