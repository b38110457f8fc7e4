"""The built-in analyst: questions in plain words to typed queries, with rules alone."""

from atlas.analyst.analyse import analyse, suggestions
from atlas.analyst.answers import (
    ActionPattern,
    Answer,
    Clarify,
    Option,
    Propose,
    Refuse,
    Situation,
)
from atlas.analyst.result import Table
from atlas.analyst.tell import tell, tell_table

__all__ = [
    "ActionPattern",
    "Answer",
    "Clarify",
    "Option",
    "Propose",
    "Refuse",
    "Situation",
    "Table",
    "analyse",
    "suggestions",
    "tell",
    "tell_table",
]
