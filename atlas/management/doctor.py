"""The sections of `manage.py doctor`: everything an operator can get wrong, looked at for real."""

import asyncio
import importlib.util
import platform
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from atlas.env import Environment, environment
from atlas.runtime.databases import database_urls, local_postgres
from atlas.runtime.diagnosis import Finding, Section, failed, passed, warned
from atlas.runtime.logins import logins_of
from atlas.runtime.migration import restrictions
from atlas.runtime.probe import CONNECTIONS_PER_PROCESS, OLDEST_VERSION, probe
from atlas.runtime.walls import walls

MIGRATE = "Run manage.py migrate."
OWN_MODELS = ("builtin", "scripted")


def sections() -> dict[str, Section]:
    """The sections by title, in the order in which one failure explains the next."""
    return {
        "Environment": environment_section,
        "Databases": databases_section,
        "Logins": logins_section,
        "Connections": connections_section,
        "Semantic layer": semantic_section,
        "Model": model_section,
        "Plugins": plugins_section,
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


def databases_section() -> Iterator[Finding]:
    """Both logins connect, the server is new enough, and every migration is applied."""
    env = environment()
    if env.database_url is None:
        places = local_postgres(env).places
        yield passed("Local PostgreSQL", f"files in {places.folder}")
    for alias in ("default", "owner"):
        found = probe(_connect(alias))
        label = f"Database ({alias})"
        detail = f"PostgreSQL {found.version_text} as {connections[alias].settings_dict['USER']}"
        if found.version < OLDEST_VERSION:
            yield failed(label, detail, "Use PostgreSQL 15 or newer.")
        else:
            yield passed(label, detail)
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield failed("Migrations", f"{len(waiting)} are not applied", MIGRATE)
    else:
        yield passed("Migrations", "all applied")


def logins_section() -> Iterator[Finding]:
    """Which walls between the running login and the tables stand."""
    logins = logins_of(*database_urls(environment()))
    if logins.are_two:
        yield passed("Two logins", f"{logins.app} runs, {logins.owner} owns")
    for wall in walls(_connect("default"), restrictions()):
        if wall.stands:
            yield passed("Wall", wall.promise)
        else:
            yield warned("Wall is missing", wall.promise, wall.cure)


def connections_section() -> Iterator[Finding]:
    """Whether the server has room for the processes, and whether it wakes them."""
    found = probe(_connect("default"))
    detail = (
        f"{found.used} of {found.room} open, {CONNECTIONS_PER_PROCESS} for each process: "
        f"room for {found.more_processes} more"
    )
    if found.more_processes == 0:
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


def semantic_section() -> Iterator[Finding]:
    """The files are readable, or the newest stored layer is there."""
    # App ready: models cannot be imported before.
    from atlas.datasources.layer_folder import layer_folder  # noqa: PLC0415
    from atlas.datasources.models import SemanticVersion  # noqa: PLC0415

    # Slow import (the YAML reader and its models).
    from atlas.semantic.loader import load_layer  # noqa: PLC0415

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


def plugins_section() -> Iterator[Finding]:
    """Each plugin starts here and answers its health check."""
    if environment().safe_mode:
        yield warned("Plugins", "none in safe mode", "Unset ATLAS_SAFE_MODE.")
        return
    yield from asyncio.run(_check_plugins())


async def _check_plugins() -> list[Finding]:
    # App ready: the host has models.
    from plugins_app.host import health, lifecycle, loading  # noqa: PLC0415

    loaded = loading.load(environment().config)
    found = [
        warned("Package", problem, "Repair or remove the package.") for problem in loaded.problems
    ]
    registry = await lifecycle.start(loaded.plugins)
    try:
        await health.check_all()
        found += [_plugin_finding(entry) for entry in registry.all()]
    finally:
        await lifecycle.stop()
    return found


def _plugin_finding(entry: Any) -> Finding:
    result = entry.last_health.result
    if not entry.enabled:
        return passed(entry.id, "switched off")
    if result.healthy:
        return passed(entry.id, f"healthy in {result.latency_ms or 0:.0f} ms")
    return failed(entry.id, "unhealthy", result.message or "It says nothing more.")


def _connect(alias: str) -> psycopg.Connection[Any]:
    connections[alias].ensure_connection()
    connection: psycopg.Connection[Any] = connections[alias].connection
    return connection


def _shown(value: object) -> str:
    if hasattr(value, "get_secret_value"):
        return "set"
    return "not set" if value is None or value == "" else str(value)
