"""A folder of YAML files to a semantic layer, or every problem with its file and line.

Files: `source.yml`, `entities/*.yml` (one entity each), `metrics/*.yml`, `glossary.yml`,
`adjectives.yml` and `examples.yml` (lists). Each may be missing but `source.yml`.
"""

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from atlas.semantic.base import Frozen
from atlas.semantic.entities import Adjective, Entity, Example, Metric, Source, Term
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.problems import Finding, LayerError, LayerPath, Problem
from atlas.semantic.references import broken_references, with_full_references
from atlas.semantic.yaml_text import Document, read_document

MOST_FILES = 500
LIST_FILES: dict[str, tuple[str, type[Frozen]]] = {
    "glossary.yml": ("glossary", Term),
    "adjectives.yml": ("adjectives", Adjective),
    "examples.yml": ("examples", Example),
}
KNOWN_FILES = f"source.yml, entities/*.yml, metrics/*.yml, {', '.join(LIST_FILES)}"
Model = TypeVar("Model", bound=Frozen)


Origins = dict[LayerPath, tuple[str, Document, LayerPath]]


@dataclass(frozen=True)
class LoadedLayer:
    """A layer together with the places of its parts in the files."""

    layer: SemanticLayer
    origins: Origins

    def problem(self, finding: Finding) -> Problem:
        """The finding with its file and line."""
        return _placed(finding, self.origins)


def load_layer(folder: Path) -> SemanticLayer:
    """The layer of a folder; raises LayerError with all problems at once."""
    return read_folder(folder).layer


def read_folder(folder: Path) -> LoadedLayer:
    """The layer of a folder with its places; raises LayerError with all problems at once."""
    reading = _Reading(folder)
    reading.read()
    reading.find_duplicates()
    if reading.problems:
        raise LayerError(reading.problems)
    try:
        layer = SemanticLayer.model_validate(reading.parts)
    except ValidationError as error:
        problems = [Problem(str(folder), 0, item["msg"]) for item in error.errors()]
        raise LayerError(problems) from error
    findings = broken_references(layer)
    if findings:
        raise LayerError([_placed(finding, reading.origins) for finding in findings])
    return LoadedLayer(layer, reading.origins)


@dataclass
class _Reading:
    """What was read so far; a file with a fault adds problems and the others are still read."""

    folder: Path
    parts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    origins: Origins = field(default_factory=dict)

    def read(self) -> None:
        if not self.folder.is_dir():
            self.problems.append(Problem(str(self.folder), 0, "there is no such folder"))
            return
        files = sorted(
            path.relative_to(self.folder)
            for path in self.folder.rglob("*.y*ml")
            if path.suffix in (".yml", ".yaml")
        )
        if len(files) > MOST_FILES:
            self.problems.append(Problem(str(self.folder), 0, f"more than {MOST_FILES} files"))
            return
        if Path("source.yml") not in files:
            self.problems.append(Problem("source.yml", 0, "this file is missing"))
        for file in files:
            self._file(file)

    def find_duplicates(self) -> None:
        for part, key in (("entities", "name"), ("metrics", "name"), ("glossary", "term")):
            seen: dict[str, LayerPath] = {}
            for index, item in enumerate(self.parts.get(part, [])):
                name = getattr(item, key)
                path: LayerPath = (part, index)
                if name in seen:
                    first = _placed(Finding((*seen[name], key), ""), self.origins)
                    text = f"{name!r} is already declared in {first.file}:{first.line}"
                    self._finding((*path, key), text)
                seen.setdefault(name, path)
                if isinstance(item, Entity):
                    self._duplicate_parts(item, path)

    def _duplicate_parts(self, entity: Entity, path: LayerPath) -> None:
        seen: set[str] = set()
        for kind in ("dimensions", "measures"):
            for index, part in enumerate(getattr(entity, kind)):
                if part.name in seen:
                    text = f"{part.name!r} is declared twice in {entity.name}"
                    self._finding((*path, kind, index, "name"), text)
                seen.add(part.name)

    def _finding(self, path: LayerPath, message: str) -> None:
        self.problems.append(_placed(Finding(path, message), self.origins))

    def _file(self, file: Path) -> None:
        try:
            text = (self.folder / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self.problems.append(Problem(file.as_posix(), 0, "not text in UTF-8"))
            return
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            self.problems.append(Problem(file.as_posix(), 0, message))
            return
        document = read_document(text)
        name = file.as_posix()
        self.problems += [Problem(name, line, message) for line, message in document.faults]
        if file.suffix == ".yaml":
            self.problems.append(Problem(name, 0, "rename it to end in .yml"))
        elif name == "source.yml":
            self._source(document)
        elif name in LIST_FILES:
            self._items(name, document, *LIST_FILES[name])
        elif file.parts[:-1] == ("metrics",):
            self._items(name, document, "metrics", Metric)
        elif file.parts[:-1] == ("entities",):
            self._item(name, document, "entities", Entity, ())
        else:
            self.problems.append(
                Problem(name, 0, f"not a file of a semantic layer; known are {KNOWN_FILES}")
            )

    def _source(self, document: Document) -> None:
        source = self._model("source.yml", document, Source, ())
        self.origins[("source",)] = ("source.yml", document, ())
        if source is not None:
            self.parts["source"] = source

    def _items(self, name: str, document: Document, part: str, model: type[Frozen]) -> None:
        items = document.data
        if items is None:
            return
        if not isinstance(items, list):
            self.problems.append(Problem(name, document.line(()), "must be a list (lines with -)"))
            return
        for index in range(len(items)):
            self._item(name, document, part, model, (index,))

    def _item(
        self, name: str, document: Document, part: str, model: type[Frozen], at: LayerPath
    ) -> None:
        item = self._model(name, document, model, at)
        if item is not None:
            found = self.parts.setdefault(part, [])
            item = with_full_references(item) if isinstance(item, Entity) else item
            self.origins[(part, len(found))] = (name, document, at)
            found.append(item)

    def _model(
        self, name: str, document: Document, model: type[Model], at: LayerPath
    ) -> Model | None:
        data = document.data[at[0]] if at else document.data
        if not isinstance(data, dict):
            if not document.faults:
                text = "must be a mapping (lines with key: value)"
                self.problems.append(Problem(name, document.line(at), text))
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            # What could not be read there has been told already.
            told = {line for line, _ in document.faults}
            for item in error.errors(include_url=False, include_input=False):
                line = document.line((*at, *item["loc"]))
                if line not in told:
                    self.problems.append(Problem(name, line, _sentence(item, model)))
            return None


def _placed(finding: Finding, origins: Origins) -> Problem:
    for length in (2, 1):
        origin = origins.get(finding.path[:length])
        if origin is not None:
            file, document, at = origin
            line = document.line((*at, *finding.path[length:]))
            return Problem(file, line, finding.message)
    return Problem("", 0, finding.message)


def _sentence(error: ErrorDetails, model: type[Frozen]) -> str:
    """A pydantic error in words for whoever writes the file."""
    words = [str(step) for step in error["loc"] if not isinstance(step, int)]
    key = words[-1] if words else ""
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, sorted(known_keys(model) - {key}), n=1)
        return f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    if error["type"] == "missing":
        return f"the key {key!r} is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{key}: {message[:1].lower()}{message[1:]}" if key else message


def known_keys(model: type[Frozen]) -> set[str]:
    """The keys of a model and of the models inside it."""
    found: set[str] = set()
    for name, info in model.model_fields.items():
        found.add(name)
        for inner in (info.annotation, *get_args(info.annotation)):
            if isinstance(inner, type) and issubclass(inner, Frozen):
                found |= known_keys(inner)
    return found
