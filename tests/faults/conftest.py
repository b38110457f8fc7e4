"""People at the servers of a test."""

from collections.abc import Callable, Iterator

import pytest

from tests.processes.people import Person

Enter = Callable[[str, str], Person]


@pytest.fixture
def enter() -> Iterator[Enter]:
    """Sign somebody in at an address; connections are closed with the test."""
    people: list[Person] = []

    def enter_as(name: str, address: str) -> Person:
        people.append(Person(name, address))
        return people[-1]

    yield enter_as
    for person in people:
        person.close()
