"""Gathers what the pages about plugins list from the code: options, deadlines, keys of the file."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

import plugins_app.builtin
import plugins_app.reference
from plugins_app.sdk import PluginConfig

ROOT = Path(__file__).resolve().parent.parent
HOST = ROOT / "plugins_app" / "host"
# What is called, and the constant that bounds it, as module and name.
DEADLINES = {
    "import of an announced package": ("loading", "IMPORT_DEADLINE_S"),
    "making a plugin from stored options": ("options/replacing", "BUILD_DEADLINE_S"),
    "`initialize`": ("lifecycle", "INITIALIZE_DEADLINE_S"),
    "`health_check`": ("upkeep/health", "DEADLINE_S"),
    "`health_check` of a sandbox": ("upkeep/health", "SANDBOX_DEADLINE_S"),
    "`create` of a datasource": ("facets/connections", "CREATE_DEADLINE_S"),
    "`query`, beyond the limit of queries": ("facets/connections", "QUERY_GRACE_S"),
    "`validate`": ("facets/connections", "VALIDATE_DEADLINE_S"),
    "`entities`, `inspect_account`": ("facets/connections", "INSPECT_DEADLINE_S"),
    "`cancel` of a connection": ("facets/connections", "CANCEL_DEADLINE_S"),
    "`close` of a connection": ("facets/connections", "CLOSE_DEADLINE_S"),
    "`load`": ("contexts/fragments", "LOAD_DEADLINE_S"),
    "`refresh`": ("contexts/fragments", "REFRESH_DEADLINE_S"),
    "`preview` of an action": ("facets/actions", "PREVIEW_DEADLINE_S"),
    "`create` of a sandbox": ("facets/backends", "CREATE_DEADLINE_S"),
    "`close` of a sandbox": ("facets/backends", "CLOSE_DEADLINE_S"),
    "the next piece of an answer that a route streams": ("facets/routes", "CHUNK_DEADLINE_S"),
    "calls that still run when a plugin is replaced": ("options/replacing", "CALLS_DEADLINE_S"),
    "observers that still run when Atlas ends": ("lifecycle", "DRAIN_DEADLINE_S"),
    "`teardown`": ("lifecycle", "TEARDOWN_DEADLINE_S"),
    "`teardown` of all together": ("lifecycle", "STOP_DEADLINE_S"),
}
KEY = re.compile(r'(?:getattr|chosen)\(module, "(\w+)"')


def deadlines() -> str:
    """A table of the seconds that each call of a plugin has."""
    rows = [f"| {call} | {_constant(*place):g} s |" for call, place in DEADLINES.items()]
    return "\n".join(["| call | deadline |", "|---|---|", *rows])


def options() -> str:
    """A section for each plugin that comes with Atlas, with its options."""
    sections = []
    for name, model in sorted(models().items()):
        rows = [_row(option, info) for option, info in model.model_fields.items()]
        head = ["| option | type | default |", "|---|---|---|"]
        sections.append("\n".join([f"### `{name}`", "", *head, *rows]))
    return "\n\n".join(sections)


def models() -> dict[str, type[PluginConfig]]:
    """The configuration of each plugin that comes with Atlas, by the name of its package."""
    found = {}
    for package in (plugins_app.builtin, plugins_app.reference):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for place in (module.name, f"{module.name}.plugin"):
                config = _config(place)
                if config is not None:
                    found[module.name.rpartition(".")[2]] = config
    return found


def operator_keys() -> set[str]:
    """The names that Atlas reads from the operator's file, beside `plugins`."""
    sources = (path for part in ("atlas", "approvals") for path in (ROOT / part).rglob("*.py"))
    return {name for path in sources for name in KEY.findall(path.read_text())}


def _config(place: str) -> type[PluginConfig] | None:
    try:
        config = getattr(importlib.import_module(place), "Config", None)
    except ImportError:
        return None
    return config if isinstance(config, type) and issubclass(config, PluginConfig) else None


def _row(option: str, info: FieldInfo) -> str:
    cells = [f"`{option}`", f"`{_type(info)}`", _default(info)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    default = info.get_default(call_default_factory=True)
    return f"`{default}`" if str(default) not in ("", "None", "()") else "none"


def _type(info: FieldInfo) -> str:
    kind = info.annotation
    # Of a plain class its name, of anything else what people write in a model.
    name = kind.__name__ if type(kind) is type else str(kind)
    return re.sub(r"(?:\w+\.)+(?=\w)", "", name)


def _constant(module: str, name: str) -> float:
    return next(value for found, value in _constants(HOST / f"{module}.py") if found == name)


def _constants(path: Path) -> Iterator[tuple[str, float]]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, int | float):
                    yield target.id, node.value.value
