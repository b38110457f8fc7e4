"""How many queries run at once in this process, for each person and each datasource."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.datasources.limits import limits


class TooManyQueries(AtlasError):
    """A person or a datasource has as many queries as it may have; nothing was sent."""

    code = "too_many_queries"


K = TypeVar("K")

_of_people: Counter[int] = Counter()
_of_datasources: Counter[str] = Counter()


@contextmanager
def slot(person_id: int, datasource: str) -> Iterator[None]:
    """Hold a place while a query runs; raises `TooManyQueries` at once when there is none.

    Called on the event loop alone, so that counting needs no lock.
    """
    bounds = limits()
    if _of_people[person_id] >= bounds.parallel_per_person:
        raise TooManyQueries(
            _("You have %(count)s queries running, which is the most. Wait until one has ended.")
            % {"count": bounds.parallel_per_person}
        )
    if _of_datasources[datasource] >= bounds.parallel_per_datasource:
        raise TooManyQueries(
            _("The datasource “%(name)s” is busy with other queries. Try again in a moment.")
            % {"name": datasource}
        )
    _of_people[person_id] += 1
    _of_datasources[datasource] += 1
    try:
        yield
    finally:
        _give_back(_of_people, person_id)
        _give_back(_of_datasources, datasource)


def _give_back(counted: Counter[K], key: K) -> None:
    counted[key] -= 1
    if counted[key] <= 0:
        del counted[key]
