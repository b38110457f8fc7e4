"""The rules a plugin object must keep; each message names the plugin and the property."""

import inspect
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, get_args

from pydantic import BaseModel

from plugins_app.sdk.action import Action, ApprovalMode, Delivery
from plugins_app.sdk.datasource import Datasource, EntityDraft
from plugins_app.sdk.errors import PluginShapeError
from plugins_app.sdk.hooks import Hook, Hooks
from plugins_app.sdk.interaction import Interaction, Route
from plugins_app.sdk.plugin import PLUGIN_TYPES, Plugin
from plugins_app.sdk.sandbox import Sandbox
from plugins_app.sdk.table_rules import broken_tables

PLUGIN_ID = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,63}")
ACTION_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")


def _is_async(fn: Callable[..., object]) -> bool:
    return inspect.iscoroutinefunction(inspect.unwrap(fn))


def check_shape(plugin: Plugin[Any]) -> None:
    """Raise `PluginShapeError` at the first rule that the plugin breaks."""
    if not isinstance(plugin, Plugin):
        raise PluginShapeError("A plugin must be a plugins_app.sdk.Plugin.")
    check = _Check(plugin)
    check.base()
    check.types()
    check.facets()
    check.hooks()
    check.tables()


class _Check:
    """Walks over one plugin; the first broken rule raises."""

    def __init__(self, plugin: Plugin[Any]) -> None:
        self.plugin = plugin

    def fail(self, text: str) -> NoReturn:
        raise PluginShapeError(f'Plugin "{self.plugin.id}": {text}.')

    def base(self) -> None:
        plugin = self.plugin
        if not isinstance(plugin.id, str) or not PLUGIN_ID.fullmatch(plugin.id):
            self.fail("id must start with a letter and hold letters, digits, - and _, at most 64")
        if not isinstance(plugin.version, str) or not plugin.version.strip():
            self.fail("version must not be empty")
        for name in ("initialize", "health_check", "teardown"):
            self._optional_callable(name, getattr(plugin, name))
        if not plugin.health_interval_s > 0:
            self.fail("health_interval_s must be greater than 0")

    def types(self) -> None:
        types = self.plugin.types
        if not isinstance(types, tuple) or not types:
            self.fail(f"types must be a tuple of at least one of {', '.join(PLUGIN_TYPES)}")
        for name in types:
            if name not in PLUGIN_TYPES:
                self.fail(f"types holds {name!r}; allowed are {', '.join(PLUGIN_TYPES)}")
        if len(set(types)) != len(types):
            self.fail("types names a type twice")
        self._types_match_facets()

    def _types_match_facets(self) -> None:
        facets: dict[str, tuple[str, bool]] = {
            "datasource": ("datasource", self.plugin.datasource is not None),
            "context": ("context_provider", self.plugin.context_provider is not None),
            "interaction": ("interaction", self.plugin.interaction is not None),
            "action": ("actions", bool(self.plugin.actions)),
            "sandbox": ("sandbox", self.plugin.sandbox is not None),
        }
        for name, (attribute, present) in facets.items():
            if present and name not in self.plugin.types:
                self.fail(f"{attribute} is given, so types must contain {name!r}")
            # An action plugin may have switched all its actions off by configuration.
            if name in self.plugin.types and not present and name != "action":
                self.fail(f"types contains {name!r}, so {attribute} must be given")

    def facets(self) -> None:
        plugin = self.plugin
        if plugin.datasource is not None:
            self._datasource(plugin.datasource)
        if plugin.context_provider is not None:
            self._callable("context_provider.load", getattr(plugin.context_provider, "load", None))
        if plugin.interaction is not None:
            self._interaction(plugin.interaction)
        if plugin.sandbox is not None:
            self._sandbox(plugin.sandbox)
        self._actions()

    def _datasource(self, facet: Datasource) -> None:
        self._instance("datasource", facet, Datasource)
        self._callable("datasource.create", facet.create)
        self._text("datasource.db_type", facet.db_type)
        self._text("datasource.language", facet.language)
        self._optional_callable("datasource.validate", facet.validate)
        self._optional_callable("datasource.inspect_account", facet.inspect_account)
        if facet.language != "sql" and facet.validate is None:
            self.fail("datasource.validate is needed when datasource.language is not sql")
        if facet.parser_dialect is not None:
            self._text("datasource.parser_dialect", facet.parser_dialect)
        for pattern in facet.forbidden_patterns:
            self._instance("each of datasource.forbidden_patterns", pattern, re.Pattern)
        if not callable(facet.entities):
            for entity in facet.entities:
                self._instance("each of datasource.entities", entity, EntityDraft)

    def _interaction(self, facet: Interaction) -> None:
        self._instance("interaction", facet, Interaction)
        self._optional_callable("interaction.transport", facet.transport)
        if facet.transport is not None and not facet.stdio and not _is_async(facet.transport):
            # One that cannot be cancelled would go on where another process has taken it over.
            self.fail(
                "interaction.transport must be an async def, unless interaction.stdio is True"
            )
        if facet.stdio and facet.transport is None:
            self.fail("interaction.transport must be given when interaction.stdio is True")
        for route in facet.routes:
            self._instance("each of interaction.routes", route, Route)
            self._callable("interaction.routes handler", route.handler)
            if not str(route.path).startswith("/") or route.path == "/":
                self.fail("the path of each of interaction.routes must be like /events")
            if not route.timeout_s > 0:
                self.fail("interaction.routes timeout_s must be greater than 0")

    def _sandbox(self, facet: Sandbox) -> None:
        self._instance("sandbox", facet, Sandbox)
        self._callable("sandbox.create", facet.create)
        number = isinstance(facet.priority, (int, float)) and not isinstance(facet.priority, bool)
        if not number or not math.isfinite(facet.priority):
            self.fail("sandbox.priority must be a finite number")

    def _actions(self) -> None:
        if not isinstance(self.plugin.actions, tuple):
            self.fail("actions must be a tuple")
        names: set[str] = set()
        for action in self.plugin.actions:
            self._instance("each of actions", action, Action)
            self._action(action)
            if action.name in names:
                self.fail(f"actions names {action.name!r} twice")
            names.add(action.name)

    def _action(self, action: Action[Any]) -> None:
        if not isinstance(action.name, str) or not ACTION_NAME.fullmatch(action.name):
            self.fail("the name of an action must be a Python name of at most 64 characters")
        label = f"action {action.name}"
        self._text(f"{label}: description", action.description)
        self._text(f"{label}: action_type", action.action_type)
        if not (isinstance(action.arguments, type) and issubclass(action.arguments, BaseModel)):
            self.fail(f"{label}: arguments must be a pydantic model class")
        self._callable(f"{label}: execute", action.execute)
        for name in ("preview", "roll_back", "reconcile", "summary"):
            self._optional_callable(f"{label}: {name}", getattr(action, name))
        self._one_of(f"{label}: default_approval", action.default_approval, get_args(ApprovalMode))
        self._one_of(f"{label}: delivery", action.delivery, get_args(Delivery))
        self._action_promises(label, action)

    def _action_promises(self, label: str, action: Action[Any]) -> None:
        if not action.timeout_s > 0:
            self.fail(f"{label}: timeout_s must be greater than 0")
        if action.reversible and action.roll_back is None:
            self.fail(f"{label}: roll_back must be given when reversible is True")
        if action.delivery == "reconcilable" and action.reconcile is None:
            self.fail(f"{label}: reconcile must be given when delivery is reconcilable")
        unknown = set(action.data_fields) - set(action.arguments.model_fields)
        if unknown:
            self.fail(f"{label}: data_fields names unknown arguments {', '.join(sorted(unknown))}")

    def hooks(self) -> None:
        self._instance("hooks", self.plugin.hooks, Hooks)
        for point in Hooks.points():
            for hook in getattr(self.plugin.hooks, point):
                self._instance(f"each of hooks.{point}", hook, Hook)
                self._callable(f"hooks.{point} handler", hook.handler)
                self._optional_callable(f"hooks.{point} matcher", hook.matcher)
                if not hook.timeout_s > 0:
                    self.fail(f"hooks.{point} timeout_s must be greater than 0")

    def tables(self) -> None:
        for problem in broken_tables(self.plugin.schema):
            self.fail(problem)

    def _instance(self, label: str, value: object, kind: type) -> None:
        if not isinstance(value, kind):
            self.fail(f"{label} must be a {kind.__name__}")

    def _callable(self, label: str, value: Callable[..., object] | None) -> None:
        if not callable(value):
            self.fail(f"{label} must be callable")

    def _optional_callable(self, label: str, value: object) -> None:
        if value is not None and not callable(value):
            self.fail(f"{label} must be callable")

    def _text(self, label: str, value: object) -> None:
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{label} must be a text that is not empty")

    def _one_of(self, label: str, value: object, allowed: Sequence[str]) -> None:
        if value not in allowed:
            self.fail(f"{label} must be one of {', '.join(allowed)}")
