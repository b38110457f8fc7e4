"""Cuts streamed Markdown into blocks, so that each is rendered once, when it is complete."""

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r" {0,3}([-+*]|\d{1,9}[.)])(\s|$)")


def unmarked(text: str) -> str:
    """Open text as people read it while it is written: without the stars of bold words.

    What is added to a text only ever adds to this, so a star that may be half a pair waits.
    """
    return text.replace("**", "").removesuffix("*")


class Blocks:
    """The blocks of a text that arrives in pieces.

    Only complete lines decide, so any way of cutting the same text into pieces gives the same
    blocks. A block ends at a blank line, but not inside a code fence, and a list goes on over
    blank lines as long as items or indented lines follow.
    """

    def __init__(self) -> None:
        self.closed: list[str] = []
        self._lines: list[str] = []
        self._line = ""
        self._fence = ""
        self._is_list = False
        self._is_at_gap = False
        self._has_tail = False

    @property
    def open(self) -> str:
        """The text after the last closed block."""
        return "" if self._has_tail else self._rest

    @property
    def is_empty(self) -> bool:
        return not self.closed and not self.open.strip()

    def feed(self, piece: str) -> list[str]:
        """Take the next piece; returns the blocks that it completed."""
        before = len(self.closed)
        *complete, self._line = (self._line + piece).split("\n")
        for line in complete:
            self._take(line.rstrip("\r") + "\n")
        return self.closed[before:]

    def finish(self) -> list[str]:
        """Close what is open, at the end of a run; returns the last block, if there is one."""
        tail = self.open
        if not tail.strip():
            return []
        self.closed.append(tail)
        self._has_tail = True
        return [tail]

    def reopen(self) -> bool:
        """Go on after `finish`: whether its last block is open text again."""
        was_closed, self._has_tail = self._has_tail, False
        if was_closed:
            self.closed.pop()
        return was_closed

    @property
    def _rest(self) -> str:
        return "".join(self._lines) + self._line

    def _take(self, line: str) -> None:
        if self._fence:
            self._lines.append(line)
            if line.strip().startswith(self._fence) and not line.strip(f"{self._fence[0]} \n"):
                self._fence = ""
            return
        if not line.strip():
            self._take_blank(line)
            return
        if self._is_at_gap and not (line[0] in " \t" or _LIST_ITEM.match(line)):
            self._close()
        self._is_at_gap = False
        if not self._lines:
            self._is_list = _LIST_ITEM.match(line) is not None
        self._lines.append(line)
        fence = _FENCE.match(line)
        self._fence = fence[1] if fence else ""

    def _take_blank(self, line: str) -> None:
        if self._is_list:
            self._is_at_gap = True
            self._lines.append(line)
        elif self._lines:
            self._close()

    def _close(self) -> None:
        self.closed.append("".join(self._lines))
        self._lines = []
        self._is_list = self._is_at_gap = False
