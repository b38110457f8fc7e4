"""What the analyst is asked with, and the four things it can say."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas.semantic.layer import SemanticLayer
from atlas.semantic.query import Assumption, Query


@dataclass(frozen=True)
class ActionPattern:
    """An action that people may ask for by `verbs` and `objects` ("create", "ticket").

    `arguments` are the names it takes, `required` those it cannot do without, and `data_fields`
    those that may hold values read from data.
    """

    name: str
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    data_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """All that a question is read against.

    `terms` are words of context plugins and what they stand for; `previous` is the query of the
    answer before.
    """

    layer: SemanticLayer
    today: dt.date
    actions: tuple[ActionPattern, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    previous: Query | None = None


@dataclass(frozen=True)
class Answer:
    """A query that compiles, with its reading in one sentence."""

    query: Query
    assumptions: tuple[Assumption, ...]
    reading: str


@dataclass(frozen=True)
class Option:
    """One way to go on: `question` is complete and can be asked as it stands."""

    label: str
    question: str


@dataclass(frozen=True)
class Clarify:
    """A question back, with up to five ways to go on; there may be none."""

    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Refuse:
    """Why there is no answer, and three questions that have one."""

    message: str
    suggestions: tuple[str, str, str]


@dataclass(frozen=True)
class Propose:
    """An action to file a request for; the rows of `attach` belong into argument `attach_as`."""

    action: str
    arguments: dict[str, Any]
    attach: Query | None = None
    attach_as: str | None = None


Outcome = Answer | Clarify | Refuse | Propose
