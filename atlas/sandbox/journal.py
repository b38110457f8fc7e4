"""What explore commands leave in the audit log: refusals, intents and outcomes; never output."""

from dataclasses import asdict, dataclass

from atlas.accounts.principal import Principal
from atlas.audit.events import AuditEvent
from atlas.audit.record import record


@dataclass(frozen=True, slots=True)
class Asked:
    """One command, as it came in."""

    principal: Principal
    command: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    outcome: str
    ms: int
    exit_code: int = 0
    backend: str = ""
    code: str = ""


def refuse(asked: Asked, code: str) -> None:
    """Record that nothing ran, and why."""
    _record(AuditEvent.EXPLORE_REFUSED, asked, {"command": asked.command, "code": code})


def begin(asked: Asked, command: str) -> int:
    """Record the intent and return its number; `command` is what will run."""
    body: dict[str, object] = {"command": asked.command, "command_sent": command}
    return _record(AuditEvent.EXPLORE_STARTED, asked, body)


def end(asked: Asked, intent: int, ended: Ended) -> None:
    """Record how the command of `intent` ended."""
    _record(AuditEvent.EXPLORE_ENDED, asked, {"intent": intent, **asdict(ended)})


def _record(event: AuditEvent, asked: Asked, body: dict[str, object]) -> int:
    entry = record(
        event,
        actor=asked.principal,
        conversation_id=asked.principal.conversation_id,
        subject="explore",
        body=body,
    )
    return entry.pk
