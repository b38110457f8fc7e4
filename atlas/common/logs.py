"""One log line a message, without secrets, with the run and request it belongs to."""

import contextvars
import logging

from atlas.common.redaction import redact

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
run_id: contextvars.ContextVar[str] = contextvars.ContextVar("run_id", default="-")

# What begins another line or steers a terminal: control characters, and Unicode's line ends.
_STEERING = {
    code: ascii(chr(code))[1:-1]
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
    if chr(code) != "\t"
}


class LineFormatter(logging.Formatter):
    """`time level logger message [request run]`, passwords and keys masked.

    A text of a plugin or a person within the message begins no line of its own; a trace, which
    follows the message, has its lines.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        origin = f"[request {request_id.get()} run {run_id.get()}]"
        return redact(text if origin == "[request - run -]" else f"{text} {origin}")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return super().formatMessage(record).translate(_STEERING)
