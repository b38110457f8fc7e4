"""Whose sessions are open, so that nobody's fill the places of everybody."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Owner:
    """Who opens a session, and the hash of the key that it then belongs to."""

    person: str
    key: str


@dataclass(eq=False)
class Place:
    """One session; `session_id` is empty until it has been answered that it is open."""

    owner: Owner
    session_id: str = ""
    requests: int = 0
    last: int = 0


class Places:
    """At most so many sessions for each person, by whatever keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: list[Place] = []
        self._ticks = itertools.count(1)

    def take(self, owner: Owner) -> tuple[Place, Place | None] | None:
        """A place for a new session, and the one whose session must end for it, if any.

        The one that was idle for longest goes, of the same key where there is one. None when
        all of the person's sessions are at work.
        """
        leaving = None
        theirs = [place for place in self._taken if place.owner.person == owner.person]
        if len(theirs) >= self._most:
            idle = [place for place in theirs if not place.requests]
            if not idle:
                return None
            leaving = min(idle, key=lambda place: (place.owner != owner, place.last))
            self._taken.remove(leaving)
        place = Place(owner, requests=1)
        self._taken.append(place)
        return place, leaving

    def opened(self, place: Place, session_id: str) -> None:
        """Keep the place for the session, or give it back when none was opened."""
        place.session_id = session_id
        place.requests -= 1
        place.last = next(self._ticks)
        if not session_id:
            self._taken.remove(place)

    @contextmanager
    def at_work(self, owner: Owner, session_id: str) -> Iterator[None]:
        """The session takes a request; that of another owner, or an unknown one, is left alone."""
        found = [one for one in self._taken if (one.owner, one.session_id) == (owner, session_id)]
        for place in found:
            place.requests += 1
        try:
            yield
        finally:
            for place in found:
                place.requests -= 1
                place.last = next(self._ticks)

    def ended(self, owner: Owner, session_id: str) -> None:
        """Give the place of a session back; that of another owner is left alone."""
        self._taken = [
            one for one in self._taken if (one.owner, one.session_id) != (owner, session_id)
        ]
