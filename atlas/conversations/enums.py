"""The closed vocabularies of conversations."""

from django.db.models import TextChoices


class Author(TextChoices):
    """Who said a message."""

    USER = "user"
    ASSISTANT = "assistant"


class RunStatus(TextChoices):
    """Where a run stands; the last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        return self not in {RunStatus.QUEUED, RunStatus.RUNNING}


class RunKind(TextChoices):
    """Why a run exists: a question, its continuation, or the news about decided requests."""

    QUESTION = "question"
    CONTINUATION = "continuation"
    FOLLOW_UP = "follow_up"


class Origin(TextChoices):
    """Which way a question came: from a person's page, by an API key, or through a plugin."""

    CHAT = "chat"
    API = "api"
    PLUGIN = "plugin"


class EventKind(TextChoices):
    """What a run event says; `CHECKPOINT` is for resuming and is never shown."""

    STEP = "step"
    TEXT = "text"
    RESULT = "result"
    REQUEST = "request"
    ASK = "ask"
    REFUSE = "refuse"
    SUGGEST = "suggest"
    CHECKPOINT = "checkpoint"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        return self.value in set(RunStatus.values)
