"""Bodies of requests: one that is larger than any address takes is refused before it is kept."""

import io
import json
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest  # type: ignore[import-untyped]  # it has no types
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from twisted.internet import reactor as installed_reactor

# A client that is still sending would not read an answer behind which the connection is closed.
LINGER_S = 5.0
HEAD = (
    "HTTP/1.1 413 Request Entity Too Large\r\n"
    "Content-Type: {kind}; charset=utf-8\r\n"
    "Content-Length: {length}\r\n"
    "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n"
    "\r\n"
)

reactor: Any = installed_reactor


def most_bytes() -> int:
    """The largest body that any address takes; Django and plugin routes may allow less."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0


class BoundedRequest(WebRequest):  # type: ignore[misc] # Daphne has no types
    """A request whose body is neither kept in memory nor on disk beyond `most_bytes`.

    Twisted stores a body whole before anybody is asked. By its declared length, or when so much
    of it came, it is answered with 413; the rest is read for LINGER_S and thrown away.
    """

    content: Any
    _taken = 0
    _is_refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        is_too_large = length is not None and length > most_bytes()
        super().gotLength(0 if is_too_large else length)
        if is_too_large:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._taken += len(data)
        if self._taken > most_bytes() and not self._is_refused:
            self._refuse()
        if not self._is_refused:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Hand the request to the application, unless it was answered already."""
        if not self._is_refused:
            return super().process()
        self.channel.loseConnection()
        return None

    def _refuse(self) -> None:
        self._is_refused = True
        self.content.close()
        self.content = io.BytesIO()
        # Nobody is asked to send it.
        self.requestHeaders.removeHeader(b"expect")
        kind, body = self._said()
        head = HEAD.format(kind=kind, length=len(body))
        self.channel.transport.write(head.encode() + body)
        reactor.callLater(LINGER_S, self.channel.transport.loseConnection)

    def _said(self) -> tuple[str, bytes]:
        if b"text/html" in (self.requestHeaders.getRawHeaders(b"accept") or [b""])[0]:
            return "text/html", render_to_string("400.html").encode()
        message = _("The body is too large. Send less at once.")
        return "application/json", json.dumps({"code": "too_large", "message": message}).encode()


class BoundedFactory(HTTPFactory):  # type: ignore[misc] # Daphne has no types
    """Daphne's factory of connections, with bounded requests."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
