"""Actions asked for in words: "create a ticket to ...", "send an email to ... with ..."."""

import re
from collections.abc import Callable
from typing import Any

from atlas.analyst.answers import ActionPattern, Propose, Situation
from atlas.analyst.lexicon import lexicon_of
from atlas.analyst.reading import read
from atlas.analyst.stops import Declined, Unclear
from atlas.analyst.words import Word, lemma, split, verb_forms
from atlas.semantic.periods import name_of
from atlas.semantic.query import Filter, Query

Attach = Callable[[str, Situation], Query | None]
_POLITE = frozenset(["please", "can", "could", "would", "will", "you", "i", "want", "like", "need",
                     "to", "kindly", "let", "us", "now", "then", "and", "also", "me", "d",
                     "hey", "hi"])  # fmt: skip
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PRIORITY = re.compile(
    r"\b(?:(?:with|of|at|as)\s+)?(?:a\s+)?(low|medium|normal|high|urgent|critical)(?:\s+|-)?"
    r"(priority|ticket)\b|\bpriority\s+(low|medium|normal|high|urgent)\b|\b(urgent(?:ly)?)\b",
    re.IGNORECASE,
)
_LEVELS = {"normal": "medium", "critical": "high", "urgent": "high", "urgently": "high"}
_SAYING = re.compile(
    r"\b(?:saying|that says|which says|telling (?:them|him|her|us)|to say|with the text)\b"
    r"(?:\s+that)?[:,]?\s*",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:with|containing|including|listing|showing|about|on|regarding)\b\s*", re.IGNORECASE
)
_TOPIC = re.compile(
    r"^\s*(?:to|for|about|on|regarding|that|because of|because|:)\s+", re.IGNORECASE
)
_YEAR = re.compile(r"\b\d{4}\b")
_SUBJECT = re.compile(r"\bsubject\s*[:=]?\s*[\"“'](?P<text>[^\"”']+)[\"”']", re.IGNORECASE)


def asked_action(question: str, situation: Situation, attach: Attach) -> Propose | None:
    """The proposal a question asks for, None when it asks for none.

    Raises Unclear when something an action cannot do without is missing.
    """
    words = split(question)
    start = next((i for i, w in enumerate(words) if w.text not in _POLITE), None)
    if start is None:
        return None
    for pattern in situation.actions:
        end = _matched(words, start, pattern)
        if end is not None:
            return _proposal(question, words[end - 1].end, pattern, situation, attach)
    return None


def _matched(words: list[Word], start: int, pattern: ActionPattern) -> int | None:
    """Where the verb and object of an action end; None when the words ask for another thing."""
    verbs = {form for verb in pattern.verbs for form in verb_forms(verb)[:1]}
    objects = {lemma(word) for word in pattern.objects}
    verb = words[start].text
    if verb not in verbs and words[start].lemma not in objects:
        return None
    for index in range(start + 1, min(start + 6, len(words))):
        if words[index].lemma in objects and verb in verbs:
            return index + 1
    has_address = any("@" in word.text for word in words)
    return start + 1 if words[start].lemma in objects and has_address else None


def _proposal(
    question: str, end: int, pattern: ActionPattern, situation: Situation, attach: Attach
) -> Propose:
    rest = question[end:]
    if "to" in pattern.arguments:
        return _message(question, rest, pattern, situation, attach)
    return _task(question, rest, pattern, situation, attach)


def _task(
    question: str, rest: str, pattern: ActionPattern, situation: Situation, attach: Attach
) -> Propose:
    """A ticket: what is to be done is its title, what it is about comes with its figures."""
    arguments: dict[str, Any] = {}
    if "priority" in pattern.arguments:
        found = _PRIORITY.search(question)
        if found:
            level = next(g for g in (found[1], found[3], found[4]) if g).lower()
            arguments["priority"] = _LEVELS.get(level, level)
            rest = _PRIORITY.sub("", rest)
    topic = _sentence(_TOPIC.sub("", _SAYING.sub("", rest)))
    if not topic:
        raise Declined("Please say what it is about, for example “to restock Chai”.")
    query = attach(topic, situation) or about(topic, situation)
    title, body = _first(pattern, "title", "subject", "name"), _first(pattern, "body", "text")
    if title:
        arguments[title] = topic[:200]
    if body:
        arguments[body] = topic + ("" if topic.endswith((".", "!", "?")) else ".")
    return Propose(pattern.name, arguments, query, _data_field(pattern) if query else None)


def _message(
    question: str, rest: str, pattern: ActionPattern, situation: Situation, attach: Attach
) -> Propose:
    """A message: to whom, with what; figures asked for are attached."""
    addresses = list(dict.fromkeys(_ADDRESS.findall(question)))
    if not addresses:
        raise Declined("Please name the e-mail address it should go to.")
    rest = _ADDRESS.sub(" ", rest)
    said = _SAYING.search(rest)
    subject = _SUBJECT.search(rest)
    rest = _SUBJECT.sub(" ", rest)
    content = rest[said.end() :] if said else _content(rest)
    text = _sentence(content)
    query = None if said or not text else attach(text, situation)
    if not text:
        raise Declined("Please say what the message should contain.")
    if query is None and not said:
        raise Declined(f"I could not work out the figures for “{text}”, so I propose nothing.")
    arguments: dict[str, Any] = {"to": addresses[0] if len(addresses) == 1 else addresses}
    if "subject" in pattern.arguments:
        arguments["subject"] = subject["text"][:150] if subject else _titled(text, query, situation)
    body = _first(pattern, "body", "text", "message")
    if body:
        arguments[body] = text + ("" if text.endswith((".", "!", "?")) else ".")
    return Propose(pattern.name, arguments, query, _data_field(pattern) if query else None)


def _titled(text: str, query: Query | None, situation: Situation) -> str:
    """A subject that still says on another day which period the figures are of."""
    if query is None or query.time is None:
        return text[:150]
    period = name_of(query.time, situation.today)
    if all(year in text for year in _YEAR.findall(period)):
        return text[:150]
    return f"{text[:100]} ({period})"


def _content(rest: str) -> str:
    found = _WITH.search(rest)
    if found:
        return rest[found.end() :]
    return re.sub(r"\b(?:to|and|for|me)\b\s*$", "", rest.strip()).strip(" ,")


def _sentence(text: str) -> str:
    """Clean words with a capital at the beginning."""
    clean = re.sub(r"\s+", " ", text).strip(" ,;:.-\"“”'")
    clean = re.sub(r"^(?:the|a|an)\s+", "", clean, flags=re.IGNORECASE)
    return clean[:1].upper() + clean[1:]


def _first(pattern: ActionPattern, *names: str) -> str | None:
    return next((name for name in names if name in pattern.arguments), None)


def _data_field(pattern: ActionPattern) -> str | None:
    return next(iter(pattern.data_fields), None) or _first(pattern, "body", "text", "message")


def about(topic: str, situation: Situation) -> Query | None:
    """The rows of a thing named in a text: the product in "restock Chai" with its columns."""
    lexicon = lexicon_of(situation.layer, situation.terms)
    try:
        found = read(topic, lexicon, situation.today)
    except Unclear:
        return None
    for mark in found.board.marks("value"):
        for link in mark.choices:
            entity = situation.layer.entity(link.ref)
            if (
                entity
                and link.kind == "value"
                and link.ref == f"{entity.name}.{entity.label_column}"
            ):
                only = Filter(dimension=link.ref, values=(link.value,))
                return Query(kind="list", entity=entity.name, filters=(only,))
    return None
