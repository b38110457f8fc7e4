"""The query path, gate by gate, with a fake source that shows what was sent."""

import asyncio
import datetime
import decimal

import pytest
from django.db import OperationalError
from django.utils import timezone

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import journal
from atlas.datasources.models import StoredResult
from atlas.datasources.query import EngineFailed, QueryOutcome, Refused, run_query
from plugins_app.host.facets import hooks
from plugins_app.sdk import Hook, Hooks, Plugin, PluginError, QueryResult, Reject, ValidationResult
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)

SQL = "SELECT id FROM orders"


@pytest.fixture
def ask(ann, layer):
    principal = Principal.of(ann)

    async def run(sql=SQL, *, by=principal, datasource="shop", **options):
        return await run_query(by, datasource, sql, layer=layer, **options)

    return run


async def trail():
    def read():
        return [(entry.event, entry.body) for entry in AuditEntry.objects.order_by("id")]

    return await in_db(read)


async def names():
    return [event for event, _body in await trail()]


def hooked(handler, **options):
    class Provider:
        def load(self):
            return ""

    return Plugin(
        id="gate",
        types=("context",),
        version="1.0.0",
        name="Gate",
        context_provider=Provider(),
        hooks=Hooks(**{options.pop("point", "before_query"): (Hook(handler, **options),)}),
    )


async def test_query_returns_rows_and_keeps_them(ask, source, ann):
    source.result = QueryResult(["id", "total"], [[1, decimal.Decimal("2.50")], [2, None]])
    outcome = await ask("SELECT id, total FROM orders")
    assert isinstance(outcome, QueryOutcome)
    assert outcome.columns == ["id", "total"]
    assert outcome.rows == [[1, "2.50"], [2, None]]
    assert (outcome.row_count, outcome.truncated) == (2, False)
    assert source.sent == [outcome.sql]
    kept = await in_db(StoredResult.objects.get, pk=outcome.result_id)
    assert (kept.rows, kept.row_count, kept.datasource) == (outcome.rows, 2, "shop")
    left = kept.expires_at - timezone.now()
    assert datetime.timedelta(days=6, hours=23) < left < datetime.timedelta(days=7)


async def test_query_sends_only_rendered_text_with_limits(ask, source):
    await ask(f"  {SQL} -- a comment\n;")
    (sent,) = source.sent
    assert "comment" not in sent
    assert "LIMIT 1001" in sent
    timeout_ms, limits = source.limits
    assert (timeout_ms, limits.max_rows, limits.max_bytes) == (30_000, 1000, 20_000_000)


async def test_query_records_intent_and_outcome(ask, source, ann):
    outcome = await ask(purpose="probe", governed=True)
    (started, intent), (ended, end) = await trail()
    assert (started, ended) == ("query.started", "query.ended")
    assert intent["sql"] == SQL
    assert intent["sql_sent"] == outcome.sql
    assert (intent["purpose"], intent["governed"], intent["dialect"]) == ("probe", True, "postgres")
    assert intent["tables"] == ["shop.orders"]
    assert intent["columns"] == ["orders.id"]
    entries = await in_db(lambda: list(AuditEntry.objects.order_by("id")))
    assert {(entry.actor_id, entry.actor_name, entry.subject) for entry in entries} == {
        (ann.pk, "ann", "shop")
    }
    assert end["intent"] == entries[0].pk
    assert (end["outcome"], end["rows"], end["truncated"]) == ("ok", 1, False)


async def test_query_keeps_at_most_the_cap_and_says_that_there_was_more(ask, source, bounds):
    bounds(max_rows=2)
    source.result = QueryResult(["id"], [[1], [2], [3]])
    outcome = await ask()
    assert (outcome.rows, outcome.truncated) == ([[1], [2]], True)
    assert "LIMIT 3" in source.sent[0]


async def test_query_takes_rows_as_mappings(ask, source):
    source.result = QueryResult(["id", "x"], [{"x": 2, "id": 1}, {"id": 3}], truncated=True)
    outcome = await ask()
    assert (outcome.rows, outcome.truncated) == ([[1, 2], [3, None]], True)


REFUSED = [
    ("", "shop", "empty"),
    ("SELECT", "shop", None),
    ("DELETE FROM orders", "shop", None),
    ("SELECT id FROM salaries", "shop", "unknown_table"),
    ("SELECT secret FROM orders", "shop", "unknown_column"),
    ("SELECT pg_sleep(1)", "shop", None),
    ("SELECT 1; SELECT 2", "shop", None),
    ("SELECT '" + "x" * 100_001 + "'", "shop", None),
    (SQL, "other", "unknown_datasource"),
    (SQL, "", "not_allowed"),
]


@pytest.mark.parametrize(("sql", "datasource", "code"), REFUSED)
async def test_query_refuses_sends_nothing_and_records_it(ask, source, sql, datasource, code):
    refused = await ask(sql, datasource=datasource)
    assert isinstance(refused, Refused)
    if code:
        assert refused.rejection.code == code
    assert refused.rejection.message.endswith(".")
    assert source.sent == []
    ((event, body),) = await trail()
    assert event == "query.refused"
    assert body["code"] == refused.rejection.code


async def test_query_of_a_viewer_is_refused(ask, source, vic):
    refused = await ask(by=Principal.of(vic))
    assert refused.rejection.code == "not_allowed"
    assert source.sent == []
    assert await names() == ["query.refused"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "viewer"}])
async def test_query_notices_rights_withdrawn_since_the_question(ask, source, ann, change):
    await in_db(User.objects.filter(pk=ann.pk).update, **change)
    refused = await ask()
    assert isinstance(refused, Refused)
    assert refused.rejection.code == "not_allowed"
    assert source.sent == []
    assert await names() == ["query.refused"]


async def test_query_notices_a_role_that_became_lower_since_the_question(ask, source, ada):
    await in_db(User.objects.filter(pk=ada.pk).update, role="analyst", is_staff=False)
    refused = await ask(by=Principal.of(ada))
    assert isinstance(refused, Refused)
    assert refused.rejection.code == "not_allowed"
    assert source.sent == []


@pytest.mark.parametrize("role", ["analyst", "admin"])
async def test_query_goes_on_with_a_role_that_is_no_lower(ask, source, ann, role):
    asker = Principal.of(ann)
    await in_db(User.objects.filter(pk=ann.pk).update, role=role, is_staff=role == "admin")
    await ask(by=asker)
    assert len(source.sent) == 1


async def test_validator_of_an_sql_source_is_one_wall_more(ask, source):
    source.plug(validate=lambda text: ValidationResult("salaries" in text, "Not today."))
    refused = await ask()
    assert (refused.rejection.code, refused.rejection.message) == (
        "datasource_validator",
        "Not today.",
    )
    source.plug(validate=lambda text: ValidationResult(True))
    assert (await ask("SELECT id FROM salaries")).rejection.code == "unknown_table"


async def test_hook_sees_what_passed_the_guard(ask, source):
    seen = []
    source.plug(hooked(lambda event, ctx: seen.append(event)))
    await ask("SELECT id FROM salaries")
    assert seen == []
    await ask(f"{SQL} /* quiet */")
    ((event),) = seen
    assert event.sql == source.sent[0]
    assert (event.connection_id, event.conversation_id) == ("shop", "")


async def test_hook_rejects_and_nothing_is_sent(ask, source):
    def refuse(event, ctx):
        raise Reject("No orders on Sundays.")

    source.plug(hooked(refuse))
    refused = await ask()
    assert refused.rejection.stage == "before_query"
    assert "No orders on Sundays." in refused.rejection.message
    assert source.sent == []
    assert await names() == ["query.refused"]


async def test_hook_rewrites_and_both_texts_are_recorded(ask, source):
    source.plug(hooked(lambda event, ctx: {"sql": "SELECT customer FROM orders"}))
    outcome = await ask()
    assert "customer" in outcome.sql
    intent = (await trail())[0][1]
    assert (intent["sql"], intent["sql_sent"]) == (SQL, outcome.sql)


@pytest.mark.parametrize(
    "rewritten",
    ["SELECT id FROM salaries", "DELETE FROM orders", "SELECT secret FROM orders", "", "COMMIT"],
)
async def test_hook_cannot_bring_in_what_the_guard_refuses(ask, source, rewritten):
    source.plug(hooked(lambda event, ctx: {"sql": rewritten}))
    assert isinstance(await ask(), Refused)
    assert source.sent == []


async def test_observers_get_rows_and_cannot_hurt(ask, source):
    seen = []

    def observe(event, ctx):
        seen.append(event)
        raise RuntimeError

    source.plug(hooked(observe, point="after_query"))
    outcome = await ask()
    await hooks.drain()
    assert (seen[0].sql, list(seen[0].columns), list(seen[0].rows)) == (outcome.sql, ["id"], [[1]])


async def test_the_same_query_asks_its_source_again_and_says_so(ask, source):
    seen = []
    source.plug(hooked(lambda event, ctx: seen.append(event), point="after_query"))

    await ask()
    await ask()
    await hooks.drain()

    assert len(source.sent) == 2
    assert [event.from_cache for event in seen] == [False, False]


async def test_without_observers_no_second_list_of_rows_is_made(ask, source, monkeypatch):
    made = []
    monkeypatch.setattr(hooks, "after_query", made.append)
    await ask()
    assert made == []


async def test_what_cannot_be_recorded_is_not_run(ask, source, monkeypatch):
    def fail(*args):
        raise OperationalError("disk full")

    monkeypatch.setattr(journal, "begin", fail)
    failed = await ask()
    assert (failed.code, failed.retryable) == ("not_recorded", True)
    assert source.sent == []


class Undefined(Exception):
    sqlstate = "42703"


class Secret(Exception):
    sqlstate = "22P02"


def wrapped():
    try:
        raise Secret("invalid input syntax: 'salary of bob'")
    except Secret:
        try:
            raise PluginError("invalid input syntax: 'salary of bob'") from None
        except PluginError as error:
            return error


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        (Undefined("column"), "unknown_column", False),
        (wrapped(), "bad_value", False),
        (ConnectionRefusedError("10.0.0.7:5432"), "unreachable", True),
        (PluginError("salary of bob is 7"), "engine_error", False),
        (RuntimeError("postgresql://u:hunter2@h/d"), "engine_error", False),
    ],
)
async def test_engine_errors_reach_nobody_but_the_log(ask, source, error, code, retryable):
    source.error = error
    failed = await ask()
    assert isinstance(failed, EngineFailed)
    assert (failed.code, failed.retryable) == (code, retryable)
    for text in ("bob", "10.0.0.7", "hunter2"):
        assert text not in failed.message
        assert text not in str(await trail())
    (_, _), (event, body) = await trail()
    assert (event, body["outcome"], body["code"]) == ("query.ended", "failed", code)


async def test_the_log_line_of_a_failed_query_tells_its_class_only(ask, source, caplog):
    source.error = wrapped()
    await ask()
    (line,) = [one for one in caplog.records if one.name == "atlas.datasources.query"]
    assert line.getMessage().endswith(" on shop failed: bad_value, SQLSTATE 22P02")
    assert line.exc_info is None


async def test_switched_off_source_is_unknown(ask, source):
    entries = source.plug()
    entries.get("shop").enabled = False
    assert (await ask()).rejection.code == "unknown_datasource"


async def test_cancelling_stops_the_source_and_records_it(ask, source):
    source.waits = True
    task = asyncio.create_task(ask())
    assert await asyncio.to_thread(source.asked.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # The source hears of it on the loop of its plugin.
    await until(lambda: source.cancelled)
    (_, _), (event, body) = await trail()
    assert (event, body["outcome"]) == ("query.ended", "cancelled")


async def test_cancelling_at_any_moment_leaves_no_intent_without_outcome(ask, source):
    for moment in range(12):
        task = asyncio.create_task(ask())
        for _ in range(moment):
            await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    found = [body for event, body in await trail() if event == "query.ended"]
    starts = [event for event in await names() if event == "query.started"]
    assert len(found) == len(starts)
    assert len({body["intent"] for body in found}) == len(found)


async def test_query_that_is_long_is_checked_beside_the_event_loop(ask, source, monkeypatch):
    threads = []
    monkeypatch.setattr(asyncio, "to_thread", _noting(threads, asyncio.to_thread))
    await ask(SQL)
    assert threads == []
    values = ", ".join(str(number) for number in range(600))
    assert isinstance(await ask(f"{SQL} WHERE id IN ({values})"), QueryOutcome)
    assert threads == ["validate", "masks_of"]


def _noting(threads, to_thread):
    async def run(fn, *args, **kwargs):
        threads.append(fn.__name__)
        return await to_thread(fn, *args, **kwargs)

    return run
