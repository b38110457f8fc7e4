"""What the files say: entities, words and figures; parts that are not understood are left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugins_app.reference.yaml_context.files import Folder

LONGEST = 300
AMBIGUOUS, UNSUPPORTED = "ambiguous", "unsupported"


@dataclass(frozen=True)
class Entity:
    """A table: what it is called, how many dimensions it has, and its description's first line."""

    name: str
    table: str
    dimensions: int
    description: str


@dataclass(frozen=True)
class Term:
    """A word: what it means; `stands_for` is read in its place, and is empty when that is open."""

    name: str
    meaning: str
    status: str = ""
    stands_for: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A figure over several measures."""

    name: str
    description: str


@dataclass(frozen=True)
class Content:
    """Everything that was read, and what was passed over."""

    entities: tuple[Entity, ...] = ()
    terms: tuple[Term, ...] = ()
    metrics: tuple[Metric, ...] = ()
    problems: tuple[str, ...] = field(default=())


def read(root: Path) -> Content:
    """Read the folder; what cannot be read is a problem and not an error."""
    folder = Folder(root)
    entities = tuple(_entities(folder))
    terms = tuple(_terms(folder))
    metrics = tuple(_metrics(folder))
    return Content(entities, terms, metrics, tuple(folder.problems))


def _entities(folder: Folder) -> Iterator[Entity]:
    for stem, document in folder.documents("entities"):
        if not isinstance(document, dict):
            folder.problems.append(f"entities/{stem} is no mapping")
            continue
        name = _word(document.get("name")) or stem
        dimensions = document.get("dimensions")
        count = len(dimensions) if isinstance(dimensions, list | dict) else 0
        table = _word(document.get("table")) or name
        yield Entity(name, table, count, _first_line(document.get("description")))


def _terms(folder: Folder) -> Iterator[Term]:
    document = folder.glossary()
    listed = document.get("terms") if isinstance(document, dict) else document
    for name, found in _named(listed, "term"):
        term = _term(name, found)
        if term is None:
            folder.problems.append(f"glossary.yml: {name} says no meaning")
        else:
            yield term


def _term(name: str, found: Any) -> Term | None:
    if not isinstance(found, dict):
        meaning = _word(found)
        return Term(name, meaning, stands_for=meaning) if meaning else None
    status, synonyms = _word(found.get("status")), _words(found.get("synonyms"))
    if status == AMBIGUOUS:
        meanings = _options(found) or _word(found.get("definition"))
        return Term(name, meanings, status, synonyms=synonyms)
    if status == UNSUPPORTED:
        return Term(name, _word(found.get("reason")), status, synonyms=synonyms)
    phrase = _word(found.get("phrase"))
    meaning = _word(found.get("definition")) or phrase
    return Term(name, meaning, status, phrase or meaning, synonyms) if meaning else None


def _options(found: dict[Any, Any]) -> str:
    options = found.get("options") or found.get("possible_mappings")
    if not isinstance(options, list):
        return _word(found.get("note")) or _word(found.get("disambiguation"))
    labels = [_word(one.get("label")) if isinstance(one, dict) else _word(one) for one in options]
    return "; ".join(filter(None, labels))


def _metrics(folder: Folder) -> Iterator[Metric]:
    for stem, document in folder.documents("metrics"):
        listed = document.get("metrics", [document]) if isinstance(document, dict) else document
        known = len(folder.problems)
        for name, found in _named(listed, "name", "id"):
            told = found if isinstance(found, dict) else {"description": found}
            yield Metric(name, _first_line(told.get("description") or told.get("label")))
        if not isinstance(listed, list | dict) and len(folder.problems) == known:
            folder.problems.append(f"metrics/{stem} holds no list of metrics")


def _named(listed: Any, *keys: str) -> Iterator[tuple[str, Any]]:
    """The entries of a mapping of names, or of a list of mappings that hold their name."""
    if isinstance(listed, dict):
        pairs = [(_word(name), found) for name, found in listed.items()]
    elif isinstance(listed, list):
        pairs = [
            (next(filter(None, (_word(one.get(key)) for key in keys)), ""), one)
            for one in listed
            if isinstance(one, dict)
        ]
    else:
        pairs = []
    yield from ((name, found) for name, found in pairs if name)


def _words(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(filter(None, map(_word, listed)))


def _first_line(value: Any) -> str:
    lines = value.strip().splitlines() if isinstance(value, str) else []
    return _word(lines[0]) if lines else ""


def _word(value: Any) -> str:
    """A plain value on one line; of anything else, nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:LONGEST]
