"""Why reading stops short of a query: something to ask, or something not understood."""

from dataclasses import dataclass

from atlas.semantic.entities import Choice


@dataclass(frozen=True)
class Rewrite:
    """Characters of the question from `span[0]` to `span[1]` and what takes their place.

    `text` None: the chosen phrase itself; otherwise the phrase goes to the end.
    """

    span: tuple[int, int]
    text: str | None = None


class Unclear(Exception):
    """The question has several readings; each of `choices` would settle it.

    Without a rewrite a choice's phrase goes to the end of the question.
    """

    def __init__(
        self, question: str, choices: tuple[Choice, ...] = (), rewrite: Rewrite | None = None
    ) -> None:
        super().__init__(question)
        self.question = question
        self.choices = choices
        self.rewrite = rewrite


class Declined(Exception):
    """There is no query for the question; the message says what stands in the way."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
