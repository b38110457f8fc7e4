"""How many queries run at once in all processes, for each person and each datasource."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from django.db import Error, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.common.completion import completed
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.common.loops import told
from atlas.datasources.limits import Limits, limits

logger = logging.getLogger(__name__)

# A holder that is gone, killed or cut off, keeps its places for no longer than this.
LEASE_S = 15.0
RENEW_S = 5.0

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('atlas query slots'))"
_TAKE = """
WITH counted AS (
    SELECT count(*) FILTER (WHERE person_id = %(person)s) AS of_person,
        count(*) FILTER (WHERE datasource = %(datasource)s) AS of_datasource
    FROM datasources_queryslot WHERE until > statement_timestamp()
), made AS (
    INSERT INTO datasources_queryslot (id, person_id, datasource, until)
    SELECT %(id)s, %(person)s, %(datasource)s,
        statement_timestamp() + make_interval(secs => %(lease_s)s)
    FROM counted WHERE of_person < %(most_person)s AND of_datasource < %(most_datasource)s
    RETURNING id
)
SELECT of_person, EXISTS (SELECT FROM made) FROM counted
"""
_RENEW = """
UPDATE datasources_queryslot SET until = statement_timestamp() + make_interval(secs => %s)
WHERE id = ANY(%s)
"""
_GIVE_BACK = """
DELETE FROM datasources_queryslot
WHERE id = %s OR until < statement_timestamp() - interval '1 minute'
"""


class TooManyQueries(AtlasError):
    """A person or a datasource has as many queries as it may have; nothing was sent."""

    code = "too_many_queries"


_held: set[UUID] = set()
_renewing: asyncio.Task[None] | None = None


@asynccontextmanager
async def slot(person_id: int, datasource: str) -> AsyncIterator[None]:
    """Hold a place while a query runs; raises `TooManyQueries` at once when there is none.

    Places are counted over all processes by rows that each process prolongs while it lives.
    """
    own, bounds = uuid4(), limits()
    refused, caller_left = await completed(in_db(_take, own, person_id, datasource, bounds))
    if refused is not None:
        raise refused
    _held.add(own)
    try:
        if caller_left:
            raise asyncio.CancelledError
        _keep_renewing()
        yield
    finally:
        _held.discard(own)
        await completed(in_db(_give_back, own))


def _take(own: UUID, person_id: int, datasource: str, bounds: Limits) -> TooManyQueries | None:
    values: dict[str, UUID | int | float | str] = {
        "id": own,
        "person": person_id,
        "datasource": datasource,
        "lease_s": LEASE_S,
        "most_person": bounds.parallel_per_person,
        "most_datasource": bounds.parallel_per_datasource,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # A place that a crash of Postgres forgets does no harm: its query is gone too.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_LOCK)
        cursor.execute(_TAKE, values)
        of_person, is_taken = cursor.fetchone()
    if is_taken:
        return None
    if of_person >= bounds.parallel_per_person:
        text = ngettext(
            "You have %(count)s query running, which is the most. Wait until it has ended.",
            "You have %(count)s queries running, which is the most. Wait until one has ended.",
            bounds.parallel_per_person,
        )
        return TooManyQueries(text % {"count": bounds.parallel_per_person})
    text = _("The datasource “%(name)s” is busy with other queries. Try again in a moment.")
    return TooManyQueries(text % {"name": datasource})


def _give_back(own: UUID) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [own])
    except Error:
        # The query has ended well or not, and that is what counts; the lease ends by itself.
        logger.warning("A place of a query could not be given back; it ends in %s s", LEASE_S)


def _keep_renewing() -> None:
    global _renewing
    loop = asyncio.get_running_loop()
    if _renewing is None or _renewing.done() or _renewing.get_loop() is not loop:
        _renewing = loop.create_task(_renew(), name="query-slots")


async def _renew() -> None:
    while _held:
        await asyncio.sleep(RENEW_S)
        try:
            await in_db(_prolong, list(_held))
        except Exception as error:  # noqa: BLE001 - logged; without it queries lose their places
            told("Prolonging the places of running queries", error)


def _prolong(held: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [LEASE_S, held])
