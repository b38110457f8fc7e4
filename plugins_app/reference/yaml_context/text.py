"""What was read as Markdown for the agent, and as terms for the glossary of the run."""

from collections.abc import Iterator

from plugins_app.reference.yaml_context.content import AMBIGUOUS, UNSUPPORTED, Content, Term
from plugins_app.sdk import ContextFragment

LONGEST_TEXT = 60_000
CUT = "(The list is longer than what fits here.)"


def fragment_of(content: Content) -> ContextFragment:
    """The text and the terms; both are empty when nothing was read."""
    return ContextFragment(_bounded(_lines(content)), terms_of(content))


def terms_of(content: Content) -> dict[str, str]:
    """Each word, and what stands in its place; a word whose meaning is open has none."""
    found: dict[str, str] = {}
    for term in content.terms:
        if term.stands_for:
            for word in (term.name, *term.synonyms):
                found.setdefault(word, term.stands_for)
    return found


def _lines(content: Content) -> Iterator[str]:
    if content.entities:
        yield from ("## Entities", "", "| Entity | Table | Dimensions | Description |")
        yield "|---|---|---|---|"
        for entity in content.entities:
            cells = (entity.name, entity.table, str(entity.dimensions), entity.description)
            yield f"| {' | '.join(map(_cell, cells))} |"
        yield ""
    if content.terms:
        yield from ("## Glossary", "")
        yield from map(_term, content.terms)
        yield ""
    if content.metrics:
        yield from ("## Metrics", "", "| Metric | Description |", "|---|---|")
        for metric in content.metrics:
            yield f"| {_cell(metric.name)} | {_cell(metric.description)} |"


def _term(term: Term) -> str:
    also = f" (also: {', '.join(term.synonyms)})" if term.synonyms else ""
    flag = {
        AMBIGUOUS: " **ambiguous, ask which is meant**",
        UNSUPPORTED: " **cannot be answered**",
    }.get(term.status, "")
    meaning = f": {term.meaning}" if term.meaning else ""
    return f"- **{term.name}**{also}{flag}{meaning}"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _bounded(lines: Iterator[str]) -> str:
    kept: list[str] = []
    left = LONGEST_TEXT
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            kept.append(CUT)
            break
        kept.append(line)
    return "\n".join(kept).strip()
