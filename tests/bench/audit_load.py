"""A program that measures the audit log of the installation in ATLAS_DATA_DIR; prints JSON.

`write THREADS COUNT` and `bare THREADS COUNT` are its writers.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import percentile
from tests.bench.prepared import LONG, Growth, Processor, prepare, superuser

RECORDS = 1_000_000 if LONG else 100_000
WRITES = 4_000 if LONG else 2_000
PROCESSES = 4
# What a record is held against: a row of the same size in a table that has nothing but a key.
BARE = """
CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event text, body jsonb);
GRANT INSERT ON bare TO PUBLIC
"""
LAG = """
SELECT extract(epoch FROM s.sealed_at - e.at) * 1000 FROM audit_auditseal AS s
JOIN audit_auditentry AS e ON e.id = s.entry_id WHERE e.id > %s
"""
FILL = """
INSERT INTO audit_auditentry (event, actor_id, actor_name, actor_key, conversation_id, subject,
    body)
SELECT (ARRAY['query.started', 'query.ended'])[1 + n %% 2], n %% 200, '', %s,
    md5((n %% 5000)::text)::uuid, 'demo',
    CASE n %% 2 WHEN 0 THEN jsonb_build_object(
        'sql', 'SELECT customer_id, sum(total) FROM orders WHERE id > ' || n || ' GROUP BY 1',
        'tables', jsonb_build_array('public.orders', 'public.table_' || n %% 50),
        'columns', jsonb_build_array('orders.customer_id', 'orders.total'))
    ELSE jsonb_build_object('intent', n - 1, 'outcome', 'ok', 'rows', n %% 1000, 'ms', 12) END
FROM generate_series(%s::bigint, %s::bigint) AS n
"""


def main(rounds: int) -> dict[str, Any]:
    """All figures by name; times in ms and microseconds, rates a second, one for each round."""
    prepare()
    found: dict[str, Any] = {"records": RECORDS}
    with superuser("atlas") as connection:
        connection.execute(BARE)
    for writers in (8, 32):
        bare, product = [], []
        for _ in range(rounds):
            bare.append(WRITES // writers * writers / _written(writers, "bare"))
            product.append(asyncio.run(_writing(writers)))
        found[f"bare_{writers}"] = bare
        found[f"writers_{writers}"] = product
    found |= _filled()
    found |= _sealed_and_verified()
    found["searches_ms"] = _searches()
    return found


async def _writing(writers: int) -> dict[str, float]:
    """Writers in four processes, with the sealer of a worker beside them."""
    from atlas.audit.tasks import Sealer  # noqa: PLC0415 - needs the app registry
    from atlas.common.db import in_db  # noqa: PLC0415 - needs the app registry
    from atlas.env import environment  # noqa: PLC0415 - needs the settings

    before = await in_db(_newest)
    sealer = Sealer(environment().data_dir)
    await sealer.start()
    seconds = await asyncio.to_thread(_written, writers, "write")
    await sealer.stop()
    lags = await in_db(_rows, LAG, [before])
    waited = [float(lag) for (lag,) in lags]
    assert len(waited) == WRITES // writers * writers
    return {
        "per_second": len(waited) / seconds,
        "lag_p50_ms": percentile(waited, 0.5),
        "lag_p95_ms": percentile(waited, 0.95),
    }


def _written(writers: int, form: str) -> float:
    """The seconds that the writers took together, once all were ready."""
    threads, count = writers // PROCESSES, WRITES // writers
    command = [sys.executable, "-m", "tests.bench.audit_load", form, str(threads), str(count)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.close()
    for one in running:
        assert one.wait() == 0
        assert one.stdout is not None
        one.stdout.close()
    return time.perf_counter() - started


def _write(form: str, threads: int, count: int) -> None:
    """One process of writers: each record is a transaction of its own, as most are."""
    import django  # noqa: PLC0415 - needs the settings

    django.setup()
    from django.db import connection, connections  # noqa: PLC0415 - needs the app registry
    from psycopg.types.json import Jsonb  # noqa: PLC0415 - needs the settings

    from atlas.audit.events import AuditEvent  # noqa: PLC0415 - needs the app registry
    from atlas.audit.record import record  # noqa: PLC0415 - needs the app registry

    def append(body: dict[str, object]) -> None:
        if form == "write":
            record(AuditEvent.QUERY_STARTED, actor=None, actor_name="bench", body=body)
            return
        with connection.cursor() as cursor:
            values: list[Any] = [Jsonb(body)]
            insert = "INSERT INTO bare (event, body) VALUES ('query.started', %s)"
            cursor.execute(insert, values)

    def work() -> None:
        for n in range(count):
            tables, columns = ["public.orders"], ["orders.total"]
            append({"sql": f"SELECT {n}", "tables": tables, "columns": columns})
            connections.close_all()

    record(AuditEvent.SIGNED_IN, actor=None, actor_name="bench")
    connections.close_all()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    running = [threading.Thread(target=work) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()


def _filled() -> dict[str, float]:
    """The log in bulk, as in the text that the goals come from; only the last part is timed."""
    key = _rows("SELECT max(key) FROM audit_auditpersonal", [])[0][0]
    part = RECORDS // 10
    with superuser("atlas") as connection:
        for start in range(0, RECORDS, part):
            began = time.perf_counter()
            connection.execute(FILL, [key, start + 1, start + part])
            seconds = time.perf_counter() - began
        connection.execute("ANALYZE audit_auditentry")
    return {"bulk_per_second": part / seconds}


def _sealed_and_verified() -> dict[str, float]:
    from atlas.audit.checkpoints import own_checkpoints, write_checkpoint  # noqa: PLC0415 - needs the settings
    from atlas.audit.sealing import BATCH, seal_once  # noqa: PLC0415 - needs the settings
    from atlas.audit.verifying import verify  # noqa: PLC0415 - needs the settings
    from atlas.env import environment  # noqa: PLC0415 - needs the settings

    began, highest, sealed, ids = time.perf_counter(), 0, 0, [0] * BATCH
    while len(ids) == BATCH:
        ids = seal_once(after=max(0, highest - 5_000))
        highest, sealed = max([highest, *ids]), sealed + len(ids)
    sealing = time.perf_counter() - began
    write_checkpoint(environment().data_dir)
    growth, began, used = Growth(), time.perf_counter(), time.process_time()
    of_all = Processor()
    verdict = verify(own_checkpoints(environment().data_dir))
    verifying, used = time.perf_counter() - began, time.process_time() - used
    all_used = of_all.seconds()
    assert verdict.is_good, verdict.problem
    assert verdict.sealed >= RECORDS
    return {
        "sealed": sealed,
        "seal_per_second": sealed / sealing,
        "seal_s": sealing,
        "verified": verdict.sealed,
        "verify_per_second": verdict.sealed / verifying,
        "verify_s": verifying,
        "verify_cpu_s": used,
        "verify_all_cpu_s": all_used,
        "verify_growth_mib": growth.mib(),
    }


def _searches() -> dict[str, float]:
    """The median of five pages of the newest fifty."""
    from atlas.audit.models import AuditEntry  # noqa: PLC0415 - needs the settings
    from atlas.audit.searching import AuditSearch  # noqa: PLC0415 - needs the settings

    def timed(**search: str) -> float:
        found = AuditSearch(search).narrow(AuditEntry.objects.all()).order_by("-id")
        times = [_ms(lambda: list(found[:50])) for _ in range(5)]
        return statistics.median(times)

    return {
        "newest": timed(),
        "person": timed(person="7"),
        "conversation": timed(conversation="cfcd2084-95d5-65ef-66e7-dff9f98764da"),
        "table": timed(table="public.table_8"),
        "outcome": timed(outcome="ok"),
        "failed (none)": timed(outcome="failed"),
    }


def _ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def _newest() -> int:
    number: int = _rows("SELECT coalesce(max(id), 0) + %s FROM audit_auditentry", [PROCESSES])[0][0]
    return number


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


if __name__ == "__main__":
    if sys.argv[1] in ("write", "bare"):
        _write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        out = Path(sys.argv[1])
        out.write_text(json.dumps(main(int(sys.argv[2]))))
