"""What the semantic layer says, looked up by name; no name is ever a path."""

import re
from collections.abc import Mapping
from typing import Any

from plugins_app.sdk import PluginError

Layer = Mapping[str, Any]
BASE = "atlas://semantic/"
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def catalog(layer: Layer, needle: str = "") -> dict[str, Any]:
    """The entities and metrics in outline, those that mention `needle`."""
    wanted = needle.strip().lower()
    return {
        kind: [
            {key: one[key] for key in ("name", "label", "description", "table") if one.get(key)}
            for one in layer.get(kind, ())
            if wanted in str(one).lower()
        ]
        for kind in ("entities", "metrics")
    }


def entity(layer: Layer, name: str) -> dict[str, Any]:
    """An entity with its dimensions, measures and joins."""
    return _named(layer, "entities", name)


def glossary(layer: Layer, needle: str = "") -> dict[str, Any]:
    """The terms that mention `needle`, or all of them."""
    wanted = needle.strip().lower()
    return {"terms": [one for one in layer.get("glossary", ()) if wanted in str(one).lower()]}


def addresses(layer: Layer) -> list[tuple[str, str]]:
    """Every resource there is: its address and what it holds."""
    found = [
        (f"{BASE}catalog", "Entities and metrics in outline"),
        (f"{BASE}glossary", "Terms and what they mean here"),
    ]
    for kind in ("entities", "metrics"):
        for one in layer.get(kind, ()):
            told = one.get("description") or one.get("label") or one["name"]
            found.append((f"{BASE}{kind}/{one['name']}", str(told)))
    return found


def resource(layer: Layer, address: str) -> dict[str, Any]:
    """What an address holds; raises `PluginError` for any that is not exactly one of ours."""
    if address.startswith(BASE):
        kind, slash, name = address.removeprefix(BASE).partition("/")
        if kind in ("entities", "metrics") and slash:
            return _named(layer, kind, name)
        if kind == "catalog" and not slash:
            return catalog(layer)
        if kind == "glossary" and not slash:
            return glossary(layer)
    raise PluginError("There is no such resource. List the resources to see those there are.")


def _named(layer: Layer, kind: str, name: str) -> dict[str, Any]:
    if NAME.fullmatch(name):
        for one in layer.get(kind, ()):
            if one["name"] == name:
                return dict(one)
    raise PluginError(f"There is nothing of this name among the {kind}. List them first.")
