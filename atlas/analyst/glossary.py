"""Glossary terms in a question: replaced, asked about, or refused, before anything is planned."""

from atlas.analyst.marks import Board, Mark
from atlas.analyst.stops import Declined, Rewrite, Unclear
from atlas.analyst.words import fold
from atlas.semantic.entities import Term
from atlas.semantic.layer import SemanticLayer


def rewritten(board: Board, layer: SemanticLayer) -> str | None:
    """The question with its first term replaced by what it stands for; None without terms.

    Raises Unclear for an ambiguous term whose meaning the question does not say, and
    Declined for one that the data cannot answer.
    """
    terms = {term.term: term for term in layer.glossary}
    for mark in board.marks("term"):
        term = terms[mark.ref]
        if term.status == "unsupported":
            raise Declined(term.reason)
        phrase = term.phrase
        start, end = _span(board, mark)
        if term.status == "ambiguous":
            said = _said_by(board, mark, term)
            if said is None:
                raise _question(board, mark, term)
            phrase, end = said
        if phrase is None:
            raise Declined(f"“{term.term}” is explained but not computed: {term.definition}")
        return board.question[:start] + phrase + board.question[end:]
    return None


def _said_by(board: Board, mark: Mark, term: Term) -> tuple[str, int] | None:
    """ "Best customers by revenue" says by what: the option's phrase, and where its words end."""
    for option in term.options:
        by = fold(option.phrase).partition(" by ")[2].split()
        length = board.matches(mark.end, ["by", *by]) if by else 0
        if length:
            return option.phrase, board.words[mark.end + length - 1].end
    return None


def _span(board: Board, mark: Mark) -> tuple[int, int]:
    return board.words[mark.start].start, board.words[mark.end - 1].end


def _question(board: Board, mark: Mark, term: Term) -> Unclear:
    words = board.said(mark)
    text = term.definition or f"“{words}” can mean several things. Which one?"
    return Unclear(text, term.options, Rewrite(_span(board, mark)))
