"""A conversation read back as turns: a question, its answer, the runs and what they said."""

from dataclasses import dataclass, field

from atlas.conversations.models import Conversation, Message, Run
from atlas.events.replay import read_runs
from atlas.events.stored import StoredEvent


@dataclass
class Turn:
    """One answer with the question that it belongs to; events are in order over all runs."""

    question: Message
    answer: Message
    runs: list[Run] = field(default_factory=list)
    events: list[StoredEvent] = field(default_factory=list)


def load_thread(conversation: Conversation) -> list[Turn]:
    """Return the conversation's turns, oldest first, in two queries."""
    turns: dict[object, Turn] = {}
    runs = Run.objects.of_conversation(conversation.pk).select_related("question__user", "answer")
    for run in runs:
        turn = turns.setdefault(run.answer_id, Turn(run.question, run.answer))
        turn.runs.append(run)
    events: dict[object, list[StoredEvent]] = {}
    for event in read_runs({run.pk: 0 for turn in turns.values() for run in turn.runs}):
        events.setdefault(event.run_id, []).append(event)
    for turn in turns.values():
        turn.events = [event for run in turn.runs for event in events.get(run.pk, [])]
    return list(turns.values())
