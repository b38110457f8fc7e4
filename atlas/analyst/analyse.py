"""The analyst: a question in, an answer, a question back, a refusal or a proposal out."""

from dataclasses import replace

from atlas.analyst.actions import asked_action
from atlas.analyst.answers import (
    Answer,
    Clarify,
    Option,
    Outcome,
    Propose,
    Refuse,
    Situation,
)
from atlas.analyst.check import check_operators, check_words
from atlas.analyst.followup import follow_up
from atlas.analyst.glossary import rewritten
from atlas.analyst.lexicon import lexicon_of
from atlas.analyst.link import known_word
from atlas.analyst.plan import plan
from atlas.analyst.reading import MOST_CHARACTERS, MOST_WORDS, Read, read
from atlas.analyst.resolve import Reader
from atlas.analyst.scan import Scanner
from atlas.analyst.stops import Declined, Unclear
from atlas.analyst.suggest import check_day, nearest, working
from atlas.analyst.words import split
from atlas.semantic.compile import CompileError, compile_query
from atlas.semantic.joins import JoinGraph
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Query

_CHANGING_WORDS = """
    delete drop remove update insert alter truncate grant revoke erase wipe overwrite modify
    edit rename cancel reset purge
"""
_CHANGING = frozenset(_CHANGING_WORDS.split())
# None of these begins a question about data.
_DOING = frozenset(("send", "notify", "remind", "schedule", "forward"))
_MOST_REWRITES = 4


def analyse(question: str, situation: Situation) -> Outcome:
    """What to say to a question.

    Every word that carries meaning is accounted for, or there is no answer; every option and
    suggestion has been planned and works.
    """
    words = split(question)
    if not words:
        return _refusal("Please ask a question about the data.", question, situation)
    if len(words) > MOST_WORDS or len(question.strip()) > MOST_CHARACTERS:
        return _refusal("That is too long for me; please ask it shorter.", question, situation)
    try:
        proposal = asked_action(question, situation, _attached)
        if proposal is not None:
            return proposal
        _refuse_changes(question)
        return _read(question, situation)
    except Unclear as unclear:
        return _clarified(unclear, question, situation)
    except Declined as declined:
        return _refusal(declined.message, question, situation)


def _refuse_changes(question: str) -> None:
    first = next((w.text for w in split(question) if w.text not in ("please", "can", "you")), "")
    if first in _CHANGING:
        raise Declined(f"I can only read data; I cannot {first} anything.")


def _read(question: str, situation: Situation) -> Answer:
    try:
        return _answer(question, situation)
    except Declined as declined:
        _refuse_doing(question, declined)
        raise


def _refuse_doing(question: str, declined: Declined) -> None:
    """Say of an action that nothing here offers, or that is switched off, that it is one."""
    words = split(question)
    word = next((w for w in words if w.text not in ("please", "can", "you")), None)
    said = f"“{question[word.start : word.end]}" if word else ""
    about = {"ticket", "task", "issue"} & {w.lemma for w in words}
    if word and said in declined.message and (word.text in _DOING or about):
        raise Declined(
            f"Nothing here can {word.text} that now. An admin sees which actions are switched on."
        ) from None


def _answer(question: str, situation: Situation) -> Answer:
    """The answer to a question; Unclear or Declined when there is none."""
    lexicon = lexicon_of(situation.layer, situation.terms)
    for _ in range(_MOST_REWRITES):
        found = read(question, lexicon, situation.today)
        other = rewritten(found.board, situation.layer)
        if other is None:
            return _planned(found, situation)
        question = other
    raise Declined("The words of the glossary explain each other in a circle.")


def _planned(found: Read, situation: Situation) -> Answer:
    merged = follow_up(found, situation)
    if merged is not None:
        found.unknown = [i for i in found.unknown if not known_word(found.board.text(i))]
        check_words(found)
        return _compiled(merged, found, situation)
    check_words(found)
    roles = Scanner(found.board).scan()
    reader = Reader(found.board, situation.layer, JoinGraph(situation.layer), roles)
    query = plan(reader, situation.today)
    check_operators(found, roles, query)
    return _compiled(query, found, situation)


def _compiled(query: Query, found: Read, situation: Situation) -> Answer:
    guesses = tuple(guess.assumption for guess in found.guesses)
    query = query.model_copy(update={"assumptions": (*query.assumptions, *guesses)})
    try:
        compiled = compile_query(situation.layer, query, today=situation.today)
    except CompileError as error:
        raise Declined(error.message) from error
    return Answer(query, compiled.assumptions, compiled.reading)


def _attached(question: str, situation: Situation) -> Query | None:
    """The query of a part of an action ("the top 5 products"), None when it is not one."""
    try:
        return _answer(question, replace(situation, previous=None)).query
    except (Unclear, Declined):
        return None


def _clarified(unclear: Unclear, question: str, situation: Situation) -> Outcome:
    options = []
    for choice in unclear.choices:
        asked = _settled(question, unclear, choice.phrase)
        if _works(asked, situation):
            options.append(Option(choice.label, asked))
    if len(options) < 2:
        return _refusal(_obstacle(unclear, question, situation), question, situation)
    return Clarify(unclear.question, tuple(options[:5]))


def _settled(question: str, unclear: Unclear, phrase: str) -> str:
    """The question with a choice put into it."""
    text = question.strip()
    rewrite = unclear.rewrite
    offset = len(question) - len(question.lstrip())
    if rewrite is not None:
        start, end = rewrite.span[0] - offset, rewrite.span[1] - offset
        into = rewrite.text if rewrite.text is not None else phrase
        text = text[:start] + into + text[end:]
        if rewrite.text is None:
            return text[:1].upper() + text[1:]
    body = text.rstrip("?!. ")
    return f"{body} {phrase}{text[len(body) :].strip()}"


def _obstacle(unclear: Unclear, question: str, situation: Situation) -> str:
    """Why a question stays without an answer even when it is made clear."""
    for choice in unclear.choices[:1]:
        try:
            _answer(_settled(question, unclear, choice.phrase), situation)
        except Declined as declined:
            return declined.message
        except Unclear as other:
            return other.question
    return unclear.question


def _works(question: str, situation: Situation) -> bool:
    try:
        _answer(question, situation)
    except (Unclear, Declined):
        return False
    return True


def _refusal(message: str, question: str, situation: Situation) -> Refuse:
    asked = _three(situation.layer, None, question)
    return Refuse(message, asked)


def suggestions(layer: SemanticLayer, query: Query | None = None) -> tuple[str, str, str]:
    """Three questions that work, near to the query just answered."""
    return _three(layer, query, "")


def _three(layer: SemanticLayer, query: Query | None, asked: str) -> tuple[str, str, str]:
    situation = Situation(layer, check_day(layer))
    return nearest(working(layer, lambda q: _works(q, situation)), layer, query, asked)


__all__ = ["Outcome", "Propose", "analyse", "suggestions"]
