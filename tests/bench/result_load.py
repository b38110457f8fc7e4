"""A program that measures results from query to page and file, in ATLAS_DATA_DIR; prints JSON."""

import asyncio
import dataclasses
import json
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

from tests.bench.prepared import LONG, Growth, Processor, prepare, superuser, superuser_url

MANY = 1_000_000 if LONG else 200_000
HUGE = 10_000_000 if LONG else 1_000_000
SOURCE = "bench_source"
COLUMNS = ("id", "name", "amount", "placed", "size", "paid", "note", "share")
ROW = """
SELECT n AS id, 'customer ' || n %% 5000 AS name, (n * 7 %% 100000)::numeric(10, 2) / 100 AS amount,
    timestamptz '2026-01-01' + n %% 500000 * interval '1 min' AS placed,
    (n %% 100)::smallint AS size,
    n %% 3 = 0 AS paid, 'a note about row ' || n AS note, n / 7.0::float8 AS share
FROM generate_series(1, %s) AS n
"""
STORED = """
INSERT INTO datasources_storedresult (id, datasource, sql, columns, rows, row_count, truncated,
    seen, expires_at)
SELECT gen_random_uuid(), 'bench', 'SELECT 1', %s::jsonb,
    jsonb_agg(jsonb_build_array(id, name, amount::text, placed, size, paid, note, share)),
    count(*), false, '{{}}', now() + interval '1 day'
FROM ({row}) AS made RETURNING id
"""


def main(rounds: int) -> dict[str, Any]:
    """All figures by name, one for each round; times in s, memory in MiB."""
    prepare()
    _fill_source()
    return asyncio.run(_measured(rounds))


def _fill_source() -> None:
    with superuser("postgres") as connection:
        connection.execute(f"CREATE DATABASE {SOURCE}")
    with superuser(SOURCE) as connection:
        for name, count in (("few", 1_000), ("many", MANY), ("huge", HUGE)):
            connection.execute(f"CREATE UNLOGGED TABLE {name} AS {ROW}", [count])
            connection.execute(f"ANALYZE {name}")


async def _measured(rounds: int) -> dict[str, Any]:
    from plugins_app.builtin.postgres import postgres  # noqa: PLC0415 - needs the settings
    from plugins_app.host import lifecycle  # noqa: PLC0415 - needs the settings

    source = dataclasses.replace(postgres(url=superuser_url(SOURCE)), id="bench")
    await lifecycle.start([source])
    try:
        return {"many": MANY, "huge": HUGE, **await _pages(rounds), **await _files(rounds)}
    finally:
        await lifecycle.stop()


async def _pages(rounds: int) -> dict[str, Any]:
    """From the query to the table of its first page, and the memory that it takes."""
    tables = ("few", "many", "huge")
    times: dict[str, list[float]] = {table: [] for table in tables}
    growths: dict[str, list[float]] = {table: [] for table in tables}
    for table in tables:
        await _page(table)
    for _ in range(rounds * 5):
        for table in tables:
            growth, began = Growth(), time.perf_counter()
            await _page(table)
            times[table].append(time.perf_counter() - began)
            growths[table].append(growth.mib())
    return {"page_s": times, "page_growth_mib": growths}


async def _page(table: str) -> None:
    from atlas.chat.results import PAGE_ROWS, load_rows  # noqa: PLC0415 - needs the settings
    from atlas.common.db import in_db  # noqa: PLC0415 - needs the settings
    from atlas.datasources.query import QueryOutcome, run_query  # noqa: PLC0415 - needs the settings

    outcome = await run_query(
        await in_db(_person), "bench", f"SELECT * FROM {table}", layer=_layer()
    )
    assert isinstance(outcome, QueryOutcome), outcome
    rows = await in_db(load_rows, [outcome.result_id], count=PAGE_ROWS)
    assert rows[outcome.result_id].body.count("<tr>") == PAGE_ROWS


def _person() -> Any:
    from atlas.accounts.models import User  # noqa: PLC0415 - needs the app registry
    from atlas.accounts.principal import Principal  # noqa: PLC0415 - needs the app registry
    from atlas.accounts.roles import Role  # noqa: PLC0415 - needs the app registry

    person, _made = User.objects.get_or_create(username="bench", defaults={"role": Role.ANALYST})
    return Principal.of(person)


def _layer() -> Any:
    from atlas.semantic.entities import Dimension, Entity, Source  # noqa: PLC0415 - slow import
    from atlas.semantic.layer import SemanticLayer  # noqa: PLC0415 - slow import

    entities = [
        Entity(
            name=table,
            table=table,
            schema_name="public",
            primary_key=("id",),
            dimensions=tuple(Dimension(name=name, sql=name) for name in COLUMNS),
        )
        for table in ("few", "many", "huge")
    ]
    return SemanticLayer(source=Source(datasource="bench"), entities=tuple(entities))


async def _files(rounds: int) -> dict[str, Any]:
    """A stored result as CSV and as a workbook, beside the server's own COPY of the same rows."""
    from atlas.chat.export import write_csv, write_xlsx  # noqa: PLC0415 - needs the settings
    from atlas.common.db import in_db  # noqa: PLC0415 - needs the settings
    from atlas.datasources.models import StoredResult  # noqa: PLC0415 - needs the app registry

    number = await asyncio.to_thread(_store)
    stored = await in_db(StoredResult.objects.defer("rows").get, pk=number)
    found = {"without_lines": await _exported(stored, write_csv)}
    found["lines"] = await in_db(_keep_lines, number)
    copies, files = [], []
    for _ in range(rounds * 3):
        copies.append(await asyncio.to_thread(_copied))
        files.append(await _exported(stored, write_csv))
    found["xlsx"] = await _exported(stored, write_xlsx)
    figures = {
        f"{name}_{figure}": [value] for name, one in found.items() for figure, value in one.items()
    }
    for name, many in (("copy", copies), ("csv", files)):
        figures |= {f"{name}_{figure}": [one[figure] for one in many] for figure in many[0]}
    return figures


def _store() -> Any:
    details = [
        {"name": name, "label": name, "format": "number" if name == "amount" else None}
        for name in COLUMNS
    ]
    with superuser("atlas") as connection:
        made = connection.execute(STORED.format(row=ROW), [json.dumps(details), MANY]).fetchone()
    assert made
    return made[0]


def _keep_lines(number: Any) -> dict[str, float]:
    """The lines as a query keeps them that gives as many rows; reads the rows on top of it."""
    from atlas.datasources.results import batches_of, keep_lines  # noqa: PLC0415 - needs the settings

    measured = _Measured()
    keep_lines(number, chain.from_iterable(batches_of(number)))
    return measured.figures()


class _Measured:
    """What happens from now on: seconds, seconds of the processor, and MiB."""

    def __init__(self) -> None:
        self._growth, self._used = Growth(), Processor()
        self._began = time.perf_counter()

    def figures(self) -> dict[str, float]:
        seconds = time.perf_counter() - self._began
        used = self._used.seconds()
        return {"s": seconds, "cpu_s": used, "growth_mib": self._growth.mib()}


def _copied() -> dict[str, float]:
    measured = _Measured()
    query = "COPY (SELECT * FROM many) TO STDOUT (FORMAT csv, HEADER)"
    with superuser(SOURCE) as connection:
        with connection.cursor() as cursor, cursor.copy(query) as copy:
            for _piece in copy:
                pass
        # While its process is there: what that used cannot be seen just after it has ended.
        return measured.figures()


async def _exported(stored: Any, write: Any) -> dict[str, float]:
    from atlas.chat.export import file_parts  # noqa: PLC0415 - needs the settings

    measured, size = _Measured(), 0
    async for part in file_parts(stored, write):
        size += len(part)
    assert size > MANY
    return measured.figures()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(main(int(sys.argv[2]))))
