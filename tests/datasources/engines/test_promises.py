"""What the query path promises holds on every engine, asked through `run_query`."""

import asyncio
import io

import pytest

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.chat.export import write_csv
from atlas.common.db import in_db
from atlas.datasources.models import StoredResult
from atlas.datasources.query import EngineFailed, QueryOutcome, Refused, run_query
from atlas.datasources.results import batches_of
from atlas.sql.policies.masks import HIDDEN, Mask
from atlas.sql.policies.rows import Condition, RowPolicy
from tests.datasources.engines.shops import SECRET, as_shop
from tests.polling import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engines]

TWO = "SELECT id, customer, total, placed FROM orders ORDER BY id LIMIT 2"
COUNT = "SELECT count(*) AS n, count(customer) AS named, min(customer) AS low FROM orders"
SLOW = "SELECT count(*) AS n FROM orders a, orders b, orders c, orders d"
CUSTOMER = RowPolicy("own customer", ("orders",), "customer", "customer")


async def entries(*events):
    """The audit entries of these events, in order."""
    found = AuditEntry.objects.filter(event__in=events).order_by("id")
    return await in_db(lambda: list(found))


async def test_rows_come_typed_in_order(engine, ask):
    outcome = await ask(TWO)
    assert isinstance(outcome, QueryOutcome), outcome
    assert outcome.columns == ["id", "customer", "total", "placed"]
    assert outcome.rows == [[1, "Bo", "1.50", "2026-01-02"], [2, None, "3.00", "2026-01-03"]]
    assert not outcome.truncated


async def test_no_value_is_rounded_or_lost_on_its_way_into_the_store(engine, ask):
    outcome = await ask("SELECT big, wide, moment, raw, note FROM orders WHERE id = 1")
    exact = [
        "9223372036854775807",
        "123456789012345678901234567890.12345678",
        "2026-02-03T04:05:06.789012",
        "AP8=",
        "a\tb “c” ünï",
    ]
    assert outcome.rows == [exact]
    stored = await in_db(StoredResult.objects.get, pk=outcome.result_id)
    assert stored.rows == [exact]


async def test_the_layer_says_what_can_be_read_by_a_star(engine, ask):
    outcome = await ask("SELECT * FROM orders WHERE id = 1")
    assert sorted(outcome.columns) == [
        "big", "customer", "id", "moment", "note", "placed", "raw", "total", "wide",
    ]  # fmt: skip


REFUSED = [
    ("SELECT id FROM salaries", "unknown_table"),
    ("SELECT secret FROM orders", "unknown_column"),
    ("SELECT table_name FROM information_schema.tables", None),
    ("INSERT INTO orders (id) VALUES (0)", None),
    ("DELETE FROM orders", None),
    ("SELECT id FROM orders; SELECT id FROM orders", None),
    ("SELECT id FROM orders FOR UPDATE", None),
    ("SHOW TABLES", None),
    ("EXPLAIN SELECT id FROM orders", None),
    ("SET x = 1", None),
]
OWN_REFUSED = {
    "postgres": ["COPY orders TO '/tmp/x'", "SELECT pg_read_file('/etc/passwd')"],
    "duckdb": [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY orders TO '/tmp/x'",
        "ATTACH '/tmp/x' AS x",
        "PRAGMA table_info('orders')",
        "SUMMARIZE orders",
        "SELECT * FROM glob('/etc/*')",
    ],
    "mariadb": [
        "SELECT id FROM orders INTO OUTFILE '/tmp/x'",
        "SELECT LOAD_FILE('/etc/passwd')",
        "HANDLER orders OPEN",
        "DESCRIBE orders",
        "USE mysql",
        "SELECT SLEEP(1)",
        "SELECT @@version",
        "SELECT 1 /*! , 2 */",
    ],
}


async def test_what_is_not_listed_or_no_query_is_not_sent(engine, ask):
    for sql, code in REFUSED:
        answer = await ask(sql)
        assert isinstance(answer, Refused), sql
        assert code in (None, answer.rejection.code), sql
    for sql in OWN_REFUSED[engine.name]:
        assert isinstance(await ask(sql), Refused), sql
    assert await entries(AuditEvent.QUERY_STARTED) == []
    refused = await entries(AuditEvent.QUERY_REFUSED)
    assert len(refused) == len(REFUSED) + len(OWN_REFUSED[engine.name])


NASTY = ["' OR 1 = 1 --", "\\' OR 1 = 1 -- ", "\\", "Bo\\", '" OR 1 = 1 -- ', "Bo'; DROP"]


async def test_people_see_their_own_rows_only(engine, ask, policies):
    assert (await ask(COUNT)).rows == [[3001, 2001, "Ana"]]
    policies(CUSTOMER)
    assert (await ask(COUNT, {"customer": "Bo"})).rows == [[1001, 1001, "Bo"]]
    assert (await ask(COUNT, {"customer": ["Ana", "Bo"]})).rows == [[2001, 2001, "Ana"]]
    number = RowPolicy("numbers", ("shop.orders",), conditions=(Condition("id", "n", "integer"),))
    policies(CUSTOMER, number)
    assert (await ask(COUNT, {"customer": "Bo", "n": [1, 2, 4]})).rows == [[2, 2, "Bo"]]


async def test_a_claim_is_a_value_whatever_it_says(engine, ask, policies):
    policies(CUSTOMER)
    for claim in NASTY:
        answer = await ask(COUNT, {"customer": claim})
        assert isinstance(answer, QueryOutcome), claim
        assert (claim, answer.rows) == (claim, [[0, 0, None]])


async def test_without_a_claim_nothing_is_sent(engine, ask, policies):
    policies(CUSTOMER)
    for claims in ({}, {"customer": None}, {"customer": []}):
        assert isinstance(await ask(COUNT, claims), Refused)
    assert await entries(AuditEvent.QUERY_STARTED) == []


HIDE = Mask(("orders",), ("customer",), "full", plain_for=("admin",))


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("SELECT customer FROM orders ORDER BY id LIMIT 2", [HIDDEN, None]),
        (
            "SELECT o.customer AS x FROM (SELECT * FROM orders) o ORDER BY o.id LIMIT 2",
            [HIDDEN, None],
        ),
        # What is made of a column could tell which of its values are missing.
        ("SELECT upper(customer) AS x FROM orders ORDER BY id LIMIT 2", [HIDDEN, HIDDEN]),
    ],
)
async def test_masks_hold_by_role_however_a_column_is_read(engine, ann, layer, hide, sql, shown):
    hide(HIDE)

    async def column(role):
        is_staff = role is Role.ADMIN
        await in_db(User.objects.filter(pk=ann.pk).update, role=role, is_staff=is_staff)
        outcome = await run_query(Principal(ann.pk, "ann", role), "shop", sql, layer=layer)
        kept = await in_db(lambda: list(batches_of(outcome.result_id)))
        assert kept == [outcome.rows]
        return [row[0] for row in outcome.rows]

    assert await column(Role.ANALYST) == shown
    assert [str(value).lower() for value in await column(Role.ADMIN)] == ["bo", "none"]


async def test_masks_hold_for_a_star(engine, ask, hide):
    hide(HIDE)
    outcome = await ask("SELECT * FROM orders WHERE id = 1")
    assert dict(zip(outcome.columns, outcome.rows[0], strict=True))["customer"] == HIDDEN


async def test_a_download_holds_what_the_person_was_shown(engine, ask, hide):
    hide(HIDE)
    outcome = await ask(
        "SELECT id, customer, total, placed, '=1+1' AS x FROM orders WHERE id < 3 ORDER BY id"
    )
    stored = await in_db(StoredResult.objects.get, pk=outcome.result_id)
    file = io.BytesIO()
    await in_db(write_csv, stored, file)
    assert file.getvalue().decode("utf-8-sig").splitlines() == [
        "Id,Customer,Total,Placed,X",
        f"1,{HIDDEN},1.50,2026-01-02,'=1+1",
        "2,,3.00,2026-01-03,'=1+1",
    ]


@pytest.mark.parametrize(
    ("sql", "rows", "truncated"),
    [
        ("SELECT id FROM orders", 1000, True),
        ("SELECT id FROM orders WHERE id <= 1001", 1000, True),
        ("SELECT id FROM orders WHERE id <= 1000", 1000, False),
        ("SELECT id FROM orders LIMIT 5", 5, False),
    ],
)
async def test_more_rows_than_the_cap_are_cut_and_said_exactly(engine, ask, sql, rows, truncated):
    outcome = await ask(sql)
    assert (outcome.row_count, len(outcome.rows), outcome.truncated) == (rows, rows, truncated)
    pages = await in_db(lambda: list(batches_of(outcome.result_id)))
    assert [row for page in pages for row in page] == outcome.rows


async def test_more_bytes_than_the_cap_are_cut_and_said(engine, ask, bounds):
    bounds(max_bytes=2_000)
    outcome = await ask("SELECT id, customer FROM orders")
    assert outcome.truncated
    assert 0 < outcome.row_count < 200
    assert isinstance(await ask(TWO), QueryOutcome)


async def test_a_slow_query_ends_at_its_limit_on_the_server_too(engine, ask, bounds):
    bounds(timeout_ms=300)
    failed = await ask(SLOW)
    assert (failed.code, failed.retryable) == ("timeout", False)
    await until(lambda: asyncio.to_thread(lambda: engine.running() == 0))
    (ended,) = await entries(AuditEvent.QUERY_ENDED)
    assert (ended.body["outcome"], ended.body["code"]) == ("failed", "timeout")


async def test_stop_ends_the_query_on_the_server(engine, ask):
    task = asyncio.create_task(ask(SLOW))
    await until(lambda: asyncio.to_thread(lambda: engine.running() == 1))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: asyncio.to_thread(lambda: engine.running() == 0))
    (ended,) = await entries(AuditEvent.QUERY_ENDED)
    assert ended.body["outcome"] == "cancelled"
    assert isinstance(await ask(TWO), QueryOutcome)


async def test_intent_is_recorded_before_and_the_outcome_after(engine, ask, policies):
    policies(CUSTOMER)
    await ask(COUNT, {"customer": "Bo"})
    started, ended = await entries(AuditEvent.QUERY_STARTED, AuditEvent.QUERY_ENDED)
    assert started.event == AuditEvent.QUERY_STARTED
    assert started.body["dialect"] == engine.name
    assert (started.body["tables"], started.body["policies"]) == (["shop.orders"], ["own customer"])
    assert started.body["columns"] == ["orders.customer"]
    assert "Bo" not in str(started.body)
    assert ended.body["intent"] == started.pk
    assert (ended.body["outcome"], ended.body["rows"]) == ("ok", 1)


ENGINE_ERRORS = {
    "postgres": [
        ("SELECT CAST(customer AS int) AS x FROM orders", "bad_value"),
        ("SELECT (SELECT id FROM orders) AS x FROM orders", "many_rows"),
        ("SELECT customer, sum(total) AS x FROM orders", "grouping"),
    ],
    "duckdb": [
        ("SELECT CAST(customer AS int) AS x FROM orders", "bad_value"),
        ("SELECT (SELECT id FROM orders) AS x FROM orders", "many_rows"),
        ("SELECT customer, sum(total) AS x FROM orders", "grouping"),
        ("SELECT big + big AS x FROM orders", "bad_value"),
    ],
    "mariadb": [
        ("SELECT (SELECT id FROM orders) AS x FROM orders", "many_rows"),
        ("SELECT big + big AS x FROM orders", "bad_value"),
        ("SELECT customer REGEXP '(' AS x FROM orders", "bad_value"),
    ],
}


async def test_errors_of_the_engine_tell_their_class_and_no_value(engine, ask):
    for sql, code in ENGINE_ERRORS[engine.name]:
        failed = await ask(sql)
        assert isinstance(failed, EngineFailed), sql
        assert (sql, failed.code, failed.retryable) == (sql, code, False)
        for value in ("Ana", "Bo", "9223372036854775807", SECRET):
            assert value not in failed.message


# That PostgreSQL's pool waits for a while is tested with its plugin.
@pytest.mark.parametrize("engine", ["duckdb", "mariadb"], indirect=True)
async def test_a_source_that_is_away_is_said_to_be_unreachable(engine, ask, install, caplog):
    install(as_shop(engine.unreachable()))
    failed = await ask(TWO)
    assert (failed.code, failed.retryable) == ("unreachable", True)
    assert SECRET not in failed.message + caplog.text


async def test_queries_run_beside_each_other(engine, ask, bounds):
    bounds(parallel_per_person=8)
    outcomes = await asyncio.gather(*(ask(TWO) for _ in range(8)))
    assert {outcome.row_count for outcome in outcomes} == {2}
