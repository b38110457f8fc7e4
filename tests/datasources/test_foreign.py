"""Sources of another language than SQL: their plugin's validator is the guard."""

import re

import pytest

from atlas.accounts.principal import Principal
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources.query import QueryOutcome, run_query
from plugins_app.sdk import Hook, Hooks, Plugin, QueryResult, Reject, ValidationResult

pytestmark = pytest.mark.django_db(transaction=True)

SOQL = "FIND {Ana} RETURNING Orders(Id) -- no SQL at all"


@pytest.fixture
def ask(ann, layer):
    async def run(text=SOQL):
        return await run_query(Principal.of(ann), "shop", text, layer=layer)

    return run


async def trail():
    return await in_db(lambda: list(AuditEntry.objects.order_by("id").values("event", "body")))


def hooked(handler):
    return Plugin(
        id="gate",
        types=("action",),
        version="1.0.0",
        hooks=Hooks(before_query=(Hook(handler),)),
    )


def valid(text):
    return ValidationResult(True)


async def valid_later(text):
    return ValidationResult(True)


@pytest.mark.parametrize("validate", [valid, valid_later])
async def test_what_the_validator_accepts_is_sent_as_it_is(ask, source, validate):
    source.plug(language="sosl", validate=validate)
    assert isinstance(await ask(), QueryOutcome)
    assert source.sent == [SOQL]
    assert [one["event"] for one in await trail()] == ["query.started", "query.ended"]


async def test_patterns_and_parser_dialect_do_nothing(ask, source):
    source.plug(
        language="sosl",
        validate=valid,
        parser_dialect="snowflake",
        forbidden_patterns=(re.compile("FIND"),),
    )
    await ask()
    assert source.sent == [SOQL]


async def test_the_host_still_cuts_the_rows(ask, source, bounds):
    bounds(max_rows=2)
    source.plug(language="sosl", validate=valid)
    source.result = QueryResult(["id"], [[1], [2], [3]])
    outcome = await ask()
    assert (outcome.row_count, outcome.truncated) == (2, True)
    assert source.limits[1].max_rows == 2


@pytest.mark.parametrize("language", ["sosl", "sql"])
async def test_the_reason_reaches_the_user_and_the_audit_log(ask, source, language):
    reason = "Ask for Orders only, at most 20,000 characters."
    source.plug(language=language, validate=lambda text: ValidationResult(False, reason))
    refused = await ask("SELECT id FROM orders")
    assert refused.rejection.message == reason
    ((entry),) = await trail()
    assert (entry["event"], entry["body"]["reason"]) == ("query.refused", reason)
    assert source.sent == []


def raising(text):
    raise RuntimeError("internal detail")


@pytest.mark.parametrize("validate", [raising, lambda text: True, lambda text: None])
async def test_a_validator_that_fails_refuses(ask, source, validate):
    source.plug(language="sosl", validate=validate)
    assert "internal detail" not in (await ask()).rejection.message
    assert source.sent == []


async def test_tables_that_the_layer_does_not_list_are_refused(ask, source):
    source.plug(
        language="sosl",
        validate=lambda text: ValidationResult(True, tables=(text.split()[-1],)),
    )
    assert (await ask("FIND all RETURNING Salaries")).rejection.code == "unknown_table"
    assert source.sent == []
    await ask("FIND all RETURNING Orders")
    assert len(source.sent) == 1
    assert (await trail())[1]["body"]["tables"] == ["Orders"]


async def test_hooks_run_and_what_they_rewrite_is_validated_again(ask, source):
    asked = []

    def validate(text):
        asked.append(text)
        return ValidationResult("Salaries" not in text, "No salaries.")

    def rewrite(event, ctx):
        return {"sql": event.sql.replace("Orders", "Salaries")}

    source.plug(hooked(rewrite), language="sosl", validate=validate)
    assert (await ask()).rejection.message == "No salaries."
    assert asked == [SOQL, SOQL.replace("Orders", "Salaries")]
    assert source.sent == []


async def test_hooks_may_reject(ask, source):
    def reject(event, ctx):
        raise Reject("Not today.")

    source.plug(hooked(reject), language="sosl", validate=valid)
    assert "Not today." in (await ask()).rejection.message


@pytest.mark.parametrize("text", ["", "  ", "FIND \0", "FIND \ud800", "x" * 100_001])
async def test_text_that_cannot_be_sent_is_refused(ask, source, text):
    source.plug(language="sosl", validate=valid)
    assert (await ask(text)).rejection.code in ("bad_text", "empty")
    assert source.sent == []


async def test_forbidden_patterns_refuse_more_than_the_guard(ask, source):
    source.plug(forbidden_patterns=(re.compile(r"\bcustomer\b", re.IGNORECASE),))
    assert (await ask("SELECT Customer FROM orders")).rejection.code == "forbidden_pattern"
    assert isinstance(await ask("SELECT id FROM orders"), QueryOutcome)
