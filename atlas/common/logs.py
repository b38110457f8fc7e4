"""One log line a record, without secrets, with the run and request it belongs to."""

import contextvars
import logging

from atlas.common.redaction import redact

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
run_id: contextvars.ContextVar[str] = contextvars.ContextVar("run_id", default="-")


class LineFormatter(logging.Formatter):
    """`time level logger [request run] message`, passwords and keys masked."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        origin = f"[request {request_id.get()} run {run_id.get()}]"
        return redact(text if origin == "[request - run -]" else f"{text} {origin}")
