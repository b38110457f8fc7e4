"""The options of the plugin, and on whose behalf one of its sessions speaks."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field, field_validator

from plugins_app.sdk import PluginConfig, PluginContext


class Config(PluginConfig):
    """How assistants reach Atlas, as whom, and how much they are given at once.

    `person` is whom the transport over stdin and stdout speaks for; the command may name one
    where this is empty. Over HTTP it is whoever the API key of a request belongs to. `max_rows`
    and `max_characters` bound each result, `answer_timeout_s` the wait for an answer. Of the
    `max_sessions` over HTTP one person has at most `max_sessions_per_person`.
    """

    transport: Literal["stdio", "http"] = "stdio"
    person: str = ""
    allow_decisions: bool = False
    max_rows: int = Field(default=100, ge=1, le=1_000)
    max_characters: int = Field(default=40_000, ge=2_000, le=500_000)
    answer_timeout_s: float = Field(default=50.0, gt=0, le=600)
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8765, ge=0, le=65_535)
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    max_sessions: int = Field(default=100, ge=1, le=10_000)
    max_sessions_per_person: int = Field(default=10, ge=1, le=10_000)

    @property
    def most_for_one(self) -> int:
        """So many sessions one person may open: never all there are, unless there is but one."""
        return min(self.max_sessions_per_person, max(1, self.max_sessions - 1))

    @field_validator("allowed_hosts", "allowed_origins")
    @classmethod
    def are_exact(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse wildcards: each host and origin is named in full."""
        if any("*" in name or not name.strip() for name in names):
            raise ValueError("must name each one in full, without *")
        return names


@dataclass(frozen=True)
class Desk:
    """One person at an assistant, by user name or by the `Authorization` header of a key."""

    ctx: PluginContext
    as_user: str
    config: Config
