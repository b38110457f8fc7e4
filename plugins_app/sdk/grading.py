"""Grades a plugin from bronze to platinum against a written list of rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, SecretStr

from plugins_app.sdk.errors import PluginShapeError
from plugins_app.sdk.plugin import Plugin
from plugins_app.sdk.shape import check_shape

Grade = Literal["none", "bronze", "silver", "gold", "platinum"]
GRADES: tuple[Grade, ...] = ("none", "bronze", "silver", "gold", "platinum")
SEMVER = re.compile(r"\d+\.\d+\.\d+([-+].+)?")
TELLING = ("password", "secret", "token", "api_key", "apikey", "private_key")


@dataclass(frozen=True)
class Rule:
    """One rule: the grade that needs it, its name, and what it asks for."""

    grade: Grade
    name: str
    asks: str
    holds: Callable[[Plugin[Any]], bool]


def failed_rules(plugin: Plugin[Any]) -> list[Rule]:
    """Return the rules that the plugin does not keep, those of bronze first."""
    return [rule for rule in RULES if not rule.holds(plugin)]


def grade_of(plugin: Plugin[Any]) -> Grade:
    """Return the highest grade whose rules, and those of every grade below, are all kept."""
    broken = [GRADES.index(rule.grade) for rule in failed_rules(plugin)]
    return GRADES[min(broken, default=len(GRADES)) - 1]


def _shape(plugin: Plugin[Any]) -> bool:
    try:
        check_shape(plugin)
    except PluginShapeError:
        return False
    return True


def _strict(plugin: Plugin[Any]) -> bool:
    config = plugin.config
    return not isinstance(config, BaseModel) or config.model_config.get("extra") == "forbid"


def _secrets(plugin: Plugin[Any]) -> bool:
    if not isinstance(plugin.config, BaseModel):
        return True
    return all(
        not any(part in name.lower() for part in TELLING)
        or value is None
        or isinstance(value, SecretStr)
        for name in type(plugin.config).model_fields
        for value in (getattr(plugin.config, name),)
    )


def _described(plugin: Plugin[Any]) -> bool:
    if not isinstance(plugin.config, BaseModel):
        return True
    return bool((type(plugin.config).__doc__ or "").strip())


def _actions_shown(plugin: Plugin[Any]) -> bool:
    return all(action.preview and action.summary for action in plugin.actions)


def _actions_repeatable(plugin: Plugin[Any]) -> bool:
    return all(action.delivery != "once" for action in plugin.actions)


def _refreshes(plugin: Plugin[Any]) -> bool:
    provider = plugin.context_provider
    return provider is None or callable(getattr(provider, "refresh", None))


def _isolates(plugin: Plugin[Any]) -> bool:
    return plugin.sandbox is None or bool(plugin.sandbox.security.description)


def _knows_its_account(plugin: Plugin[Any]) -> bool:
    return plugin.datasource is None or plugin.datasource.inspect_account is not None


def _has_dialect(plugin: Plugin[Any]) -> bool:
    return plugin.datasource is None or bool(plugin.datasource.dialect.strip())


def _undoes(plugin: Plugin[Any]) -> bool:
    return all(not action.reversible or action.roll_back for action in plugin.actions)


def _routes_posted(plugin: Plugin[Any]) -> bool:
    return plugin.interaction is None or all(r.methods for r in plugin.interaction.routes)


RULES: tuple[Rule, ...] = (
    Rule("bronze", "shape", "define_plugin accepts it", _shape),
    Rule("bronze", "name", "it has a name for people", lambda p: bool(p.name.strip())),
    Rule("bronze", "version", "its version is like 1.2.3", lambda p: bool(SEMVER.match(p.version))),
    Rule("bronze", "strict-config", "options it does not know are refused", _strict),
    Rule("silver", "health", "it has a health check", lambda p: p.health_check is not None),
    Rule("silver", "secrets", "options with telling names are SecretStr", _secrets),
    Rule("silver", "described-config", "its configuration says what it is for", _described),
    Rule("silver", "routes", "each route names its methods", _routes_posted),
    Rule("gold", "dialect", "a datasource says how its SQL differs", _has_dialect),
    Rule("gold", "refresh", "a context can be read again", _refreshes),
    Rule("gold", "preview", "each action shows what it would do, in full and in a line",
         _actions_shown),
    Rule("gold", "isolation", "a sandbox says what it isolates", _isolates),
    Rule("platinum", "account", "a datasource tells what its login may do", _knows_its_account),
    Rule("platinum", "delivery", "each action can be repeated or asked about", _actions_repeatable),
    Rule("platinum", "undo", "each reversible action can be rolled back", _undoes),
)  # fmt: skip
