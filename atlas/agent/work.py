"""What one run works with: who asks, in which conversation, on which layer."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from approvals.filing.payloads import Attachment
from atlas.accounts.principal import Principal
from atlas.agent.tools.fitting import FOR_READING, Room
from atlas.agent.trust import IN_WORDS_OF_PLUGINS, Given, is_untrusted
from atlas.semantic.layer import SemanticLayer
from plugins_app.host.contexts.fragments import Fragment


@dataclass(frozen=True)
class Found:
    """A result of a query: what it is, the text that was asked, and its rows."""

    title: str
    sql: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass
class Work:
    """The run's facts, and what its tools found so far.

    Query results are told to the model as far as there is `room`. Whoever gives it something notes
    in `given` where that came from.
    `proposals` counts per action, so that a repeated call names the same proposal.
    """

    principal: Principal
    run_id: UUID
    datasource: str
    layer: SemanticLayer
    question: str
    semantic_dir: Path
    context: tuple[Fragment, ...] = ()
    room: Room = FOR_READING
    given: set[Given] = field(default_factory=set)
    fence: int | None = None
    said: str = ""
    figure: str = ""
    sql: str = ""
    attachment: Attachment | None = None
    proposals: dict[str, int] = field(default_factory=dict)

    def note(self, found: Found) -> None:
        """Keep the latest result: cards show it as the reason, and actions can attach it."""
        self.sql, self.figure = found.sql, found.title
        self.attachment = Attachment(found.title or _("result"), found.columns, found.rows)

    def note_refusal(self, code: str) -> None:
        """Remember whose words the refusal with this code is in."""
        if code in IN_WORDS_OF_PLUGINS:
            self.given.add(Given.TOOL_RESULT)

    @property
    def untrusted(self) -> bool:
        """Whether strangers may have written something that the model was given."""
        return is_untrusted(self.given)
