"""The topics of the bus and the form of their keys."""

import re
from enum import StrEnum


class Topic(StrEnum):
    """What a wake-up is about; the key says which one."""

    RUNS = "runs"
    RUN = "run"
    CONVERSATION = "conversation"
    USER = "user"
    APPROVALS = "approvals"
    PLUGINS = "plugins"
    # Woken in each process by its own hub, when its session is lost and when it is back.
    POSTGRES = "postgres"

    @property
    def channel(self) -> str:
        """The name that Postgres listens to."""
        return f"atlas_{self.value}"


_KEY = re.compile(r"[A-Za-z0-9:_.-]{1,160}")


def is_key(text: str) -> bool:
    """Whether `text` may be a key: ids only, since any login of the database can notify."""
    return _KEY.fullmatch(text) is not None
