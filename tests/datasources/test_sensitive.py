"""Sensitive queries: held before anything is sent, and run once where somebody approved them."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources import for_plugins, holding, sensitive
from atlas.datasources.grants import Approved, grant
from atlas.datasources.holding import ESTIMATE_MS
from atlas.datasources.masking import set_masks
from atlas.datasources.models import QueryGrant
from atlas.datasources.query import (
    EngineFailed,
    NeedsApproval,
    QueryOutcome,
    run_approved,
    run_query,
)
from atlas.datasources.semantic import LayerVersion
from atlas.sql.policies.masks import Mask, Masks
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from plugins_app.host import ports, registry
from plugins_app.host.facets import connections
from plugins_app.sdk import PluginError

pytestmark = pytest.mark.django_db(transaction=True)

SQL = "SELECT customer FROM orders"
PAY = SensitiveQuery("customers", ("orders",), ("customer",))
CONSUMERS = 100


@pytest.fixture
def held():
    """Put policies for sensitive queries in force for this test."""
    yield lambda *policies: sensitive.set_sensitive_queries(SensitiveQueries(policies))
    sensitive.set_sensitive_queries(SensitiveQueries())
    set_masks(Masks())


@pytest.fixture
def ask(ann, layer):
    async def run(sql=SQL, **options):
        return await run_query(Principal.of(ann), "shop", sql, layer=layer, **options)

    return run


@pytest.fixture
def granted(ann, layer, ask):
    """Write down that request 7 was approved for what `ask` would have sent."""

    async def run(**changes):
        needed = await ask()
        given = {
            "person_id": ann.pk,
            "datasource": "shop",
            "sql": needed.final_sql,
            "expires_at": timezone.now() + timedelta(hours=1),
            **changes,
        }
        await in_db(grant, Approved(7, layer.digest), **given)
        return needed.final_sql

    return run


async def events():
    return await in_db(lambda: [(e.event, e.body) for e in AuditEntry.objects.order_by("id")])


async def test_a_sensitive_query_is_held_and_nothing_is_sent(ask, source, held):
    held(PAY)

    needed = await ask()

    assert isinstance(needed, NeedsApproval)
    assert needed.reasons == ("It reads orders.customer (“customers”).",)
    assert (needed.policies, needed.admin_only) == (("customers",), False)
    assert "LIMIT 1001" in needed.final_sql
    assert source.sent == []
    ((event, body),) = await events()
    assert (event, body["policies"], body["sql"]) == ("query.held", ["customers"], SQL)


@pytest.mark.parametrize("sql", ["SELECT id FROM orders", "SELECT count(*) AS n FROM orders"])
async def test_another_query_runs_as_ever(ask, source, held, sql):
    held(PAY)

    assert isinstance(await ask(sql), QueryOutcome)


async def test_one_policy_for_admins_makes_it_theirs(ask, source, held):
    held(PAY, SensitiveQuery("all", ("*",), admin_only=True))

    needed = await ask()

    assert needed.admin_only
    assert needed.policies == ("customers", "all")


async def test_an_approved_query_runs_once(ann, layer, source, held, granted):
    held(PAY)
    sql = await granted()

    outcomes = [
        await run_approved(Principal.of(ann), "shop", SQL, layer=layer, request_id=7)
        for _ in range(2)
    ]

    assert isinstance(outcomes[0], QueryOutcome)
    assert source.sent == [sql]
    assert isinstance(outcomes[1], EngineFailed)
    assert outcomes[1].code == "approval_gone"
    kept = await in_db(QueryGrant.objects.get)
    started = await in_db(AuditEntry.objects.get, event="query.started")
    assert (kept.intent_id, started.body["request"]) == (started.pk, 7)


async def test_of_a_hundred_consumers_one_runs(ann, layer, source, held, granted, bounds):
    bounds(parallel_per_person=CONSUMERS, parallel_per_datasource=CONSUMERS)
    held(PAY)
    sql = await granted()

    outcomes = await asyncio.gather(
        *(
            run_approved(Principal.of(ann), "shop", SQL, layer=layer, request_id=7)
            for _ in range(CONSUMERS)
        )
    )

    assert sum(isinstance(outcome, QueryOutcome) for outcome in outcomes) == 1
    assert source.sent == [sql]
    lost = {outcome.code for outcome in outcomes if isinstance(outcome, EngineFailed)}
    assert lost == {"approval_gone"}
    assert [event for event, _ in await events()].count("query.started") == 1


def _other_masks():
    set_masks(Masks((Mask(("salaries",), ("amount",)),)))


def _other_policies():
    sensitive.set_sensitive_queries(SensitiveQueries((PAY, SensitiveQuery("x", ("salaries",)))))


@pytest.mark.parametrize("change", [_other_masks, _other_policies])
async def test_an_approval_under_other_policies_is_gone(ann, layer, source, held, granted, change):
    held(PAY)
    await granted()
    change()

    outcome = await run_approved(Principal.of(ann), "shop", SQL, layer=layer, request_id=7)

    assert (outcome.code, source.sent) == ("approval_gone", [])


async def test_an_approval_is_for_one_text_person_definition_and_time(
    ann, bob, layer, source, held, granted
):
    held(PAY)
    await granted()
    other = layer.model_copy(update={"as_of": None, "values": {"orders.customer": ("Ana",)}})
    attempts = [
        (bob, SQL, layer, 7),
        (ann, "SELECT id FROM orders", layer, 7),
        (ann, SQL, other, 7),
        (ann, SQL, layer, 8),
    ]

    for person, text, version, request in attempts:
        outcome = await run_approved(
            Principal.of(person), "shop", text, layer=version, request_id=request
        )
        assert outcome.code == "approval_gone"

    await in_db(QueryGrant.objects.update, expires_at=Now())
    late = await run_approved(Principal.of(ann), "shop", SQL, layer=layer, request_id=7)
    assert (late.code, source.sent) == ("approval_gone", [])


async def test_a_role_withdrawn_after_the_approval_counts(ann, layer, source, held, granted):
    held(PAY)
    await granted()
    principal = Principal.of(ann)
    await in_db(User.objects.filter(pk=ann.pk).update, role="viewer")

    await run_approved(principal, "shop", SQL, layer=layer, request_id=7)

    assert source.sent == []
    assert (await in_db(QueryGrant.objects.get)).consumed_at is None


async def test_a_plugin_is_told_that_only_people_can_get_an_approval(ann, source, held, layer):
    held(PAY)
    with pytest.MonkeyPatch.context() as patch, ports.acting_for(Principal.of(ann)):
        patch.setattr(for_plugins, "current_layer", lambda _name: LayerVersion(1, layer))

        with pytest.raises(PluginError, match="needs approval"):
            await for_plugins.query(Principal.of(ann), "stock", "shop", SQL)


# The engine's estimate


def priced(source, answer):
    async def estimate(sql, timeout_ms=None):
        source.estimated = (sql, timeout_ms)
        if isinstance(answer, Exception):
            raise answer
        return answer

    source.estimate = estimate


class Stopped(PluginError):
    sqlstate = "57014"


COSTS = [
    (99, False),
    (100, True),
    (2500, True),
    (Stopped("late"), True),
    (PluginError("no"), False),
]


@pytest.mark.parametrize(("answer", "is_held"), COSTS)
async def test_the_engines_estimate_decides(ask, source, held, answer, is_held):
    held(SensitiveQuery("dear", cost=100))
    priced(source, answer)

    outcome = await ask()

    assert isinstance(outcome, NeedsApproval) is is_held
    assert (source.sent == []) is is_held
    sql, timeout_ms = source.estimated
    assert "LIMIT 1001" in sql
    assert timeout_ms == ESTIMATE_MS


class TooMany(PluginError):
    sqlstate = "53300"


async def test_nothing_runs_unpriced_because_the_engine_is_overloaded(ask, source, held):
    held(SensitiveQuery("dear", cost=100))
    priced(source, TooMany("sorry, too many clients already"))

    outcome = await ask()

    assert isinstance(outcome, EngineFailed)
    assert (outcome.code, outcome.retryable) == ("overloaded", True)
    assert source.sent == []


async def test_nothing_runs_unpriced_because_another_query_takes_the_connection(
    ask, source, held, monkeypatch
):
    held(SensitiveQuery("dear", cost=100))
    monkeypatch.setattr(holding, "ESTIMATE_MS", 20)
    source.estimate = lambda sql, timeout_ms=None: 2500.0
    link = await connections._link(registry.current().get("shop"))
    await link.turn.acquire()

    asking = asyncio.create_task(ask())
    done, _pending = await asyncio.wait([asking], timeout=5)
    link.turn.release()

    assert done
    outcome = await asking
    assert isinstance(outcome, EngineFailed)
    assert (outcome.code, outcome.retryable) == ("busy", True)
    assert source.sent == []


async def test_what_it_would_cost_is_told(ask, source, held):
    held(SensitiveQuery("dear", cost=100))
    priced(source, 2500)

    assert (await ask()).reasons == ("It is estimated to cost 2,500, 100 or more (“dear”).",)


async def test_a_source_that_cannot_estimate_is_not_held(ask, source, held):
    held(SensitiveQuery("dear", cost=100))

    assert isinstance(await ask(), QueryOutcome)


async def test_the_cost_is_that_of_a_query_on_its_tables(ask, source, held):
    held(SensitiveQuery("dear", ("salaries",), cost=100))
    priced(source, 2500)

    assert isinstance(await ask(), QueryOutcome)


async def test_postgres_estimates_without_running(ask, shop, held):
    shop()
    held(SensitiveQuery("dear", cost=1e6))
    assert isinstance(await ask(), QueryOutcome)

    endless = "SELECT count(*) AS n FROM orders AS a, orders AS b, orders AS c, orders AS d"
    needed = await ask(endless)

    assert isinstance(needed, NeedsApproval)
    assert "It is estimated to cost" in needed.reasons[0]


@pytest.mark.parametrize("chosen", [[], "all", SensitiveQuery("x", cost=1)])
def test_another_kind_of_configuration_is_refused(chosen):
    class Module:
        sensitive_queries = chosen

    with pytest.raises(AtlasError, match="SensitiveQueries"):
        sensitive.chosen_sensitive_queries(Module)


def test_without_a_line_in_the_file_nothing_is_sensitive():
    assert sensitive.chosen_sensitive_queries(object()) == SensitiveQueries()
