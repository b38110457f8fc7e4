"""A sensitive query from its card to its rows: asked, decided, run once as the asker, shown."""

import datetime as dt
import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils.html import escape

from approvals import services
from approvals.cards.card import render_card
from approvals.enums import Mode, Status
from approvals.execution import query_runs
from approvals.filing.payloads import Why
from approvals.filing.proposals import Proposal
from approvals.filing.queries import HeldQuery, propose_query, results_of_run
from approvals.models import ActionRequest
from approvals.policies import Policy
from approvals.rules import installed
from approvals.rules.requirements import QUERY
from approvals.rules.tightening import Condition, Operator, Rule
from atlas.agent.assigning import _messages, given_at_start
from atlas.agent.trust import Given
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed
from atlas.conversations.models import Run
from atlas.datasources import sensitive
from atlas.datasources.models import QueryGrant, SemanticVersion, StoredResult
from atlas.datasources.outcomes import NeedsApproval
from atlas.runner.briefing import brief_for
from atlas.sql import validate
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from plugins_app.sdk import PluginError, QueryResult
from tests.approvals.desk import approve, reject, start_run
from tests.approvals.executing import claim_now, run_all
from tests.datasources.conftest import source
from tests.datasources.orders import LAYER

__all__ = ["source"]

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "SELECT customer FROM orders"
SQL = validate(ASKED, dialect="postgres", catalog=LAYER.catalog()).sql
NEEDED = NeedsApproval(
    ASKED, SQL, ("It reads orders.customer (“customers”).",), ("customers",), False
)
FOR_ADMINS = NeedsApproval(ASKED, SQL, ("It reads everything.",), ("all",), True)
DESCRIBED = {"title": "Who ordered", "columns": [], "governed": False}


@pytest.fixture(autouse=True)
def policies(source):
    source.result = QueryResult(["customer"], [["Ana"], ["Bo"]])
    sensitive.set_sensitive_queries(
        SensitiveQueries((SensitiveQuery("customers", ("orders",), ("customer",)),))
    )
    yield
    sensitive.set_sensitive_queries(SensitiveQueries())
    installed.install(Policy())


@pytest.fixture
def run(ann, bob, vic):
    store_layer(LAYER)
    return start_run(ann, bob, readers=[vic])


def store_layer(layer):
    SemanticVersion.objects.create(
        datasource="shop", digest=layer.digest, layer=json.loads(layer.to_json())
    )


async def file(run, needed=NEEDED, *, call="query:1"):
    why = Why("Who ordered what?")
    proposal = Proposal(QUERY, {}, run.pk, call, why=why)
    return await propose_query(proposal, HeldQuery(needed, "shop", LAYER.digest, DESCRIBED))


def events_of(request):
    entries = AuditEntry.objects.filter(subject=f"request {request.pk}").order_by("id")
    return [entry.event.removeprefix("request.") for entry in entries]


async def test_the_card_shows_the_text_the_reasons_and_who_asked(run, bob):
    request = await file(run)

    card = await in_db(render_card, request, bob)

    assert escape(SQL) in card
    assert "It reads orders.customer (“customers”)." in card
    assert "Asked by ann" in card
    assert "Run a query: Who ordered" in card
    assert "Approve and run query" in card
    assert "It reads and changes nothing." in card
    assert "Change…" not in card


async def test_there_are_24_hours_to_decide_or_less(run):
    request = await file(run)
    left = request.expires_at - request.created_at

    installed.install(Policy(time_to_decide=timedelta(hours=2)))
    sooner = await file(run, FOR_ADMINS, call="query:2")

    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    assert sooner.expires_at - sooner.created_at <= timedelta(hours=2)


async def test_an_approved_query_runs_as_the_asker_and_its_rows_are_kept(run, bob, ann, source):
    request = await file(run)
    await in_db(approve, request, bob)
    given = await in_db(QueryGrant.objects.get)
    assert (given.person_id, given.request_id, given.consumed_at) == (ann.pk, request.pk, None)

    await run_all()

    await in_db(request.refresh_from_db)
    assert request.state is Status.EXECUTED, request.error_text
    assert source.sent == [SQL]
    started = await in_db(AuditEntry.objects.get, event="query.started")
    assert (started.actor_id, started.body["request"]) == (ann.pk, request.pk)
    kept = await in_db(StoredResult.objects.get)
    assert kept.rows == [["Ana"], ["Bo"]]
    (shown,) = await in_db(results_of_run, run.pk)
    assert (shown["result_id"], shown["title"]) == (str(kept.pk), "Who ordered")
    assert kept.conversation_id == run.conversation_id
    assert await in_db(events_of, request) == ["proposed", "approved", "executing", "executed"]
    (said,) = await in_db(services.outcomes_of_run, run.pk)
    assert said.sentence == "Done: Run a query: Who ordered. It gave 2 rows."
    assert await in_db(Run.objects.filter(follows_up=run).count) == 1


async def test_a_rejected_query_never_runs_and_the_agent_is_told_why(run, bob, source):
    request = await file(run)
    await in_db(reject, request, bob, "Not today")

    await run_all()

    assert source.sent == []
    assert await in_db(QueryGrant.objects.count) == 0
    (said,) = await in_db(services.outcomes_of_run, run.pk)
    assert "Rejected by bob: “Not today”." in said.sentence


async def test_nobody_decided_in_time(run, source):
    request = await file(run)
    await in_db(ActionRequest.objects.filter(pk=request.pk).update, expires_at=Now())

    await in_db(services.sweep)
    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, source.sent) == (Status.EXPIRED, [])
    assert await in_db(Run.objects.filter(follows_up=run).count) == 1


async def test_other_definitions_since_the_approval_let_it_lapse(run, bob, source):
    request = await in_db(approve, await file(run), bob)
    changed = LAYER.model_copy(update={"as_of": dt.date(2026, 1, 1)})
    await in_db(store_layer, changed)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.error_code) == (Status.LAPSED, "definitions_changed")
    assert source.sent == []


async def test_other_rules_for_queries_let_it_lapse(run, bob, source):
    request = await in_db(approve, await file(run), bob)
    sensitive.set_sensitive_queries(
        SensitiveQueries((SensitiveQuery("customers", ("orders",), admin_only=True),))
    )

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.error_code) == (Status.LAPSED, "policy_changed")
    assert source.sent == []


async def test_an_asker_who_lost_the_right_gets_nothing(run, bob, ann, source):
    request = await in_db(approve, await file(run), bob)
    ann.role = "viewer"
    await in_db(ann.save)

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.error_code) == (Status.LAPSED, "requester_not_allowed")
    assert source.sent == []


async def test_a_policy_for_admins_is_decided_by_another_admin(run, ada, bob, source):
    request = await file(run, FOR_ADMINS)

    assert request.mode == Mode.ADMIN_ONLY
    with pytest.raises(NotAllowed):
        await in_db(approve, request, bob)
    await in_db(approve, request, ada)
    await run_all()

    assert source.sent == [SQL]


async def test_rules_tighten_queries_as_they_tighten_actions(run, ann):
    installed.install(
        Policy(
            rules=(
                Rule(
                    "not alone",
                    actions=(QUERY,),
                    conditions=(Condition("sql", Operator.CONTAINS, "customer"),),
                    two_person=True,
                ),
            )
        )
    )
    request = await file(run)

    with pytest.raises(NotAllowed):
        await in_db(approve, request, ann)


async def test_a_query_that_the_engine_refuses_failed(run, bob, source):
    source.error = PluginError("no such table")
    request = await in_db(approve, await file(run), bob)

    await run_all()

    await in_db(request.refresh_from_db)
    assert request.state is Status.FAILED
    assert "no such table" not in request.error_text


async def test_a_holder_that_was_lost_in_the_middle_does_not_run_it_again(run, bob, source):
    request = await in_db(approve, await file(run), bob)
    (lost,) = await in_db(claim_now)
    begun = await in_db(query_runs.begin, lost)
    assert begun is not None
    await in_db(QueryGrant.objects.update, consumed_at=Now())
    await in_db(ActionRequest.objects.filter(pk=request.pk).update, lease_until=Now())

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, request.error_code) == (Status.FAILED, "lost")
    assert source.sent == []


async def test_a_holder_that_was_lost_before_it_asked_is_followed_by_another(run, bob, source):
    request = await in_db(approve, await file(run), bob)
    (lost,) = await in_db(claim_now)
    await in_db(query_runs.begin, lost)
    await in_db(ActionRequest.objects.filter(pk=request.pk).update, lease_until=Now())

    await run_all()

    await in_db(request.refresh_from_db)
    assert (request.state, source.sent) == (Status.EXECUTED, [SQL])


async def test_the_same_query_of_a_question_is_one_request(run):
    first, again = await file(run), await file(run)

    assert first.pk == again.pk
    assert await in_db(ActionRequest.objects.count) == 1


async def test_the_follow_up_shows_the_rows_and_tells_them_to_a_model_that_reads(
    run, bob, tmp_path
):
    await in_db(approve, await file(run), bob)
    await run_all()
    told = await in_db(Run.objects.get, follows_up=run)

    brief = await in_db(brief_for, told.pk, "shop", tmp_path)

    ((shown,), (rows,)) = brief.results, brief.rows
    assert shown["columns"][0]["name"] == "customer"
    assert json.loads(rows) == {"columns": ["customer"], "rows": [["Ana"], ["Bo"]]}
    assert Given.ROWS in given_at_start(brief, [])
    for_reading, for_counting = _messages(brief, brief.rows)[-1], _messages(brief, ())[-1]
    assert rows in for_reading.text
    assert "Ana" not in for_counting.text


async def test_a_query_that_was_decided_again_gives_one_right(run, bob, ann):
    request = await in_db(approve, await file(run), bob)

    again = await in_db(approve, request, bob)

    assert again.pk == request.pk
    assert await in_db(QueryGrant.objects.count) == 1
