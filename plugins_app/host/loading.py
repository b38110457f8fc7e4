"""Finds the plugins: those the operator lists, and those installed packages announce."""

import functools
import importlib
import importlib.metadata
import importlib.util
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from atlas.env import environment
from plugins_app.host.calling.threads import DaemonExecutor
from plugins_app.host.errors import StartBlocked
from plugins_app.host.options.secrets import scrub
from plugins_app.host.options.waiting import waiting
from plugins_app.sdk import Plugin, PluginConfigError, PluginError, PluginFactory

logger = logging.getLogger(__name__)

GROUP = "atlas.plugins"
# Slow imports of drivers take seconds; more than that is a fault.
IMPORT_DEADLINE_S = 30.0


@dataclass(frozen=True)
class Loaded:
    """The plugins in order, and what was wrong with announced packages that are left out."""

    plugins: tuple[Plugin[Any], ...]
    problems: tuple[str, ...] = ()


def load(config: str) -> Loaded:
    """Return the plugins of the operator's file or module, then those of entry points.

    Raises `StartBlocked` when the operator's file cannot be used. An announced package that
    cannot be used is left out and reported; one that only lacks options waits for stored ones.
    """
    listed = plugins_of(read_config(config))
    listed += _sidecar({plugin.id for plugin in listed})
    announced, problems = _announced({plugin.id for plugin in listed})
    return Loaded((*listed, *announced), tuple(problems))


def read_config(config: str) -> ModuleType:
    """Import the operator's configuration from a module name or the path of a .py file."""
    try:
        return _from_file(Path(config)) if config.endswith(".py") else _from_name(config)
    except PluginError as error:
        raise StartBlocked(
            _("%(config)s: %(reason)s") % {"config": config, "reason": scrub(str(error))}
        ) from None
    except Exception as error:
        raise StartBlocked(
            _("The configuration %(config)s cannot be read: %(reason)s. Repair it and start again.")
            % {"config": config, "reason": scrub(f"{type(error).__name__}: {error}")}
        ) from error


def plugins_of(module: ModuleType) -> list[Plugin[Any]]:
    """Return the module's `plugins`; raises `StartBlocked` naming every wrong element."""
    listed = getattr(module, "plugins", [])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise StartBlocked(_("`plugins` in the configuration must be a list."))
    wrong = [
        _("number %(number)d is a %(kind)s") % {"number": number, "kind": type(item).__name__}
        for number, item in enumerate(listed, start=1)
        if not isinstance(item, Plugin)
    ]
    if wrong:
        raise StartBlocked(
            _(
                "`plugins` in the configuration must hold plugins, made by calling their "
                "factories: %(wrong)s"
            )
            % {"wrong": "; ".join(wrong)}
        )
    return list(listed)


def _sidecar(taken: set[str]) -> list[Plugin[Any]]:
    """The built-in backend of ATLAS_SANDBOX_URL, unless the operator's file lists one."""
    env = environment()
    if not env.sandbox_url or "sidecar" in taken:
        return []
    from plugins_app.builtin.sidecar import sidecar  # noqa: PLC0415 - without the variable it is not wanted

    try:
        return [sidecar(url=env.sandbox_url, token=env.sandbox_token)]
    except PluginError as error:
        raise StartBlocked(f"ATLAS_SANDBOX_URL: {error}") from None


def _from_name(name: str) -> ModuleType:
    return importlib.import_module(name)


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("atlas_operator_config", path)
    if spec is None or spec.loader is None:
        raise PluginError(_("this is not a Python file"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _announced(taken: set[str]) -> tuple[list[Plugin[Any]], list[str]]:
    found: list[Plugin[Any]] = []
    problems: list[str] = []
    for point in importlib.metadata.entry_points(group=GROUP):
        try:
            plugin = _within_deadline(functools.partial(_imported, point))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            problems.append(scrub(f"{point.name}: {str(error) or type(error).__name__}"))
            continue
        # The operator's own configuration of a plugin wins over its announcement.
        if plugin.id not in taken:
            taken.add(plugin.id)
            found.append(plugin)
    for problem in problems:
        logger.warning("An announced plugin is left out. %s", problem)
    return found, problems


def _within_deadline(work: Callable[[], Plugin[Any]]) -> Plugin[Any]:
    """Run the foreign code in a thread that the end of the process does not wait for."""
    importing = DaemonExecutor("announced").submit(work)
    try:
        return importing.result(IMPORT_DEADLINE_S)
    except TimeoutError:
        if importing.done():
            raise
        importing.leave()
        raise PluginError(
            _("it was not imported within %(seconds)s s") % {"seconds": f"{IMPORT_DEADLINE_S:g}"}
        ) from None


def _imported(point: importlib.metadata.EntryPoint) -> Plugin[Any]:
    return _made(point.name, point.load())


def _made(name: str, announced: object) -> Plugin[Any]:
    plugin = _called(name, announced) if isinstance(announced, PluginFactory) else announced
    if not isinstance(plugin, Plugin):
        raise PluginError(_("it announces neither a plugin nor a plugin factory"))
    return plugin


def _called(name: str, factory: PluginFactory[Any, Any]) -> Plugin[Any]:
    try:
        made: Plugin[Any] = factory()
    except PluginConfigError:
        return waiting(name, factory)
    return made
