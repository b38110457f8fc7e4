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
from atlas.analyst.tell import tell

__all__ = [
    "ActionPattern",
    "Answer",
    "Clarify",
    "Option",
    "Propose",
    "Refuse",
    "Situation",
    "analyse",
    "suggestions",
    "tell",
]
