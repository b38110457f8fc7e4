"""YAML text to plain data that still knows its lines.

Words mean what they say: `on`, `yes`, `no` and dates stay text (YAML 1.1 would turn them into
booleans and days), keys are always text, and a key given twice is an error.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from atlas.semantic.problems import LayerPath

LONGEST_TEXT = 1_000_000
DEEPEST = 40
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CORE = "tag:yaml.org,2002:"
# What untagged text resolves to; the value itself is read by the rules of this module.
_TAGS = frozenset(
    {"str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq"}
)
_WORDS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "~": None,
    "": None,
}


@dataclass
class Document:
    """Plain data, the line of each path in it, and what was wrong as (line, message)."""

    data: Any = None
    lines: dict[LayerPath, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: LayerPath) -> int:
        """The line of a path; of its nearest known parent when it has none. Steps that are not
        in the document, such as names of alternatives, are passed over."""
        known: LayerPath = ()
        for step in path:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 0)


def read_document(text: str) -> Document:
    """Read one YAML document; never raises, and goes on after a fault where it can."""
    document = Document()
    if len(text) > LONGEST_TEXT:
        document.faults.append((0, f"the file is longer than {LONGEST_TEXT:,} characters"))
        return document
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        document.faults.append((line, f"not YAML: {error.problem or 'unreadable'}"))
        return document
    except yaml.YAMLError as error:
        document.faults.append((0, f"not YAML: {str(error).splitlines()[0]}"))
        return document
    except _TooDeep as error:
        document.faults.append((error.line, f"nested deeper than {DEEPEST} levels"))
        return document
    if node is not None:
        document.data = _Reader(document).plain(node, ())
    return document


class _TooDeep(Exception):
    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def _check_depth(text: str) -> None:
    # Events come without recursion, so a hostile text is refused before it is composed.
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _TooDeep(event.start_mark.line + 1 if event.start_mark else 0)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def plain(self, node: Node, path: LayerPath) -> Any:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._fault(node, "anchors and aliases are not read here: write the value out")
            return None
        self._seen.add(id(node))
        if node.tag.removeprefix(_CORE) not in _TAGS:
            self._fault(node, f"the tag {node.tag.replace(_CORE, '!!')} is not read here")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: LayerPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, "a key must be a word")
                continue
            key = str(key_node.value)
            if key in found:
                self._fault(key_node, f"the key {key!r} is given twice")
                continue
            self._document.lines[(*path, key)] = key_node.start_mark.line + 1
            found[key] = self.plain(value_node, (*path, key))
        return found

    def _scalar(self, node: Node) -> Any:
        text = str(node.value)
        if getattr(node, "style", None) is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _fault(self, node: Node, message: str) -> None:
        self._document.faults.append((node.start_mark.line + 1, message))
