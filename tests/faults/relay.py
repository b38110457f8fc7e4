"""Ports that a test opens and shuts, and a relay between one and a server's Unix socket."""

import contextlib
import socket
import threading
from pathlib import Path


class KeptPort:
    """A port of this machine that nobody else gets while nothing listens on it."""

    def __init__(self) -> None:
        self._keeper = _bound_to(0)
        self.port: int = self._keeper.getsockname()[1]

    def listener(self) -> socket.socket:
        """Begin to listen there; closing the socket ends it."""
        made = _bound_to(self.port)
        made.listen()
        return made

    def close(self) -> None:
        """Leave the port to others."""
        self._keeper.close()


def _bound_to(port: int) -> socket.socket:
    made = socket.socket()
    # Two may have one port as long as only one of them listens.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


class Relay:
    """Passes bytes both ways on `port` while it is on; switched off, the port refuses."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._place = KeptPort()
        self.port = self._place.port
        self.on()

    def on(self) -> None:
        """Listen, on the same port as before."""
        listener = self._place.listener()
        with self._lock:
            self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def off(self) -> None:
        """Stop to listen and cut what is open."""
        with self._lock:
            listener, self._listener = self._listener, None
            cut, self._open = self._open, set()
        if listener is not None:
            # Closing alone would not wake the thread that waits in accept.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for one in cut:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Switch it off for good and give the port back."""
        self.off()
        self._place.close()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                arguments = (near, listener)
                threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def _serve(self, near: socket.socket, listener: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far, contextlib.suppress(OSError):
            far.connect(str(self._target))
            with self._lock:
                # Who came just before it was switched off is cut like the others.
                if self._listener is not listener:
                    return
                self._open |= {near, far}
            back = threading.Thread(target=_pass, args=(far, near), daemon=True)
            back.start()
            _pass(near, far)
            back.join()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
