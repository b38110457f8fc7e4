"""The guard over HTTP: the verdict as the caller would meet it, and nothing done."""

import json
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver

from atlas.accounts.api_keys import create_key
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources import api, masking, row_policies, sensitive
from atlas.datasources.models import SemanticVersion
from atlas.sql.policies.masks import Mask, Masks
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from plugins_app.host.calling import sync
from plugins_app.sdk import Hook, Hooks, Plugin, Reject, ValidationResult
from tests.datasources.orders import LAYER

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/validate-sql"
OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(autouse=True)
async def served(source):
    """The host on this loop, the layer in force, and no policies left behind."""
    import asyncio  # noqa: PLC0415 - the loop of this test

    sync.capture(asyncio.get_running_loop())
    await in_db(
        SemanticVersion.objects.create,
        datasource="shop",
        digest=LAYER.digest,
        layer=json.loads(LAYER.to_json()),
    )
    yield
    sync.capture(None)
    row_policies.set_row_policies(RowPolicies())
    masking.set_masks(Masks())
    sensitive.set_sensitive_queries(SensitiveQueries())


@pytest.fixture
def check(ann):
    """Post as a program of ann's, or of another owner's."""

    async def run(body, *, owner=ann, role=None, scopes=(Scope.ASK,)):
        def post():
            text = create_key(owner, name="p", role=role or owner.as_role, scopes=scopes, by=owner)[
                1
            ]
            headers = {"Authorization": f"Bearer {text}"}
            answer = Client().post(ADDRESS, body, "application/json", headers=headers)
            return answer.status_code, answer.json()

        return await in_db(post)

    return run


async def events():
    return await in_db(
        lambda: list(
            AuditEntry.objects.filter(event__startswith="query").values_list("event", flat=True)
        )
    )


async def test_an_allowed_query_is_told_with_everything_it_reads(check, source):
    status, told = await check({"sql": "SELECT customer FROM orders -- who?"})

    assert status == 200
    assert told == {
        "verdict": "allow",
        "datasource": "shop",
        "code": None,
        "stage": None,
        "message": None,
        "offending": None,
        "position": None,
        "suggestion": None,
        "tables": ["shop.orders"],
        "columns": ["orders.customer"],
        "rendered": "SELECT orders.customer FROM shop.orders LIMIT 1001",
        "row_policies": [],
        "masks": {},
        "approval": [],
    }
    assert source.sent == []
    assert await events() == []


async def test_a_refused_query_says_why_where_and_what_instead(check):
    status, told = await check({"sql": "SELECT id\nFROM order", "datasource": "shop"})
    assert (status, told["verdict"]) == (200, "deny")

    _, unknown = await check({"sql": "SELECT id\nFROM orderz"})

    assert (unknown["code"], unknown["stage"]) == ("unknown_table", "names")
    assert (unknown["offending"], unknown["suggestion"]) == ("orderz", "shop.orders")
    assert unknown["position"] == {"line": 2, "column": 6}
    assert unknown["rendered"] is None


async def test_policies_that_would_apply_are_named_without_values(check, ann):
    row_policies.set_row_policies(
        RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="org"),))
    )
    masking.set_masks(Masks((Mask(("orders",), ("placed",), "partial", plain_for=("admin",)),)))
    sensitive.set_sensitive_queries(
        SensitiveQueries((SensitiveQuery("dear", cost=5), SensitiveQuery("x", ("salaries",))))
    )
    ann.claims = {"org": "canary-claim"}
    await in_db(ann.save)

    _, told = await check({"sql": "SELECT id, placed FROM orders"})

    assert told["row_policies"] == ["own"]
    assert told["masks"] == {"orders.placed": "partial"}
    assert told["approval"] == ["dear"]
    assert "canary-claim" not in json.dumps(told)


async def test_what_the_callers_claims_and_masks_refuse_is_refused_here(check):
    row_policies.set_row_policies(
        RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="org"),))
    )
    _, told = await check({"sql": "SELECT id FROM orders"})
    assert (told["verdict"], told["code"]) == ("deny", "no_claim")

    row_policies.set_row_policies(RowPolicies())
    masking.set_masks(Masks((Mask(("orders",), ("customer",)),)))
    _, told = await check({"sql": "SELECT id FROM orders WHERE customer = 'x'"})
    assert (told["verdict"], told["code"]) == ("deny", "masked_filter")


async def test_the_sources_own_validator_counts_and_hooks_do_not(check, source):
    def hook(event, ctx):
        raise Reject("no")

    class Provider:
        def load(self):
            return ""

    gate = Plugin(
        id="gate",
        types=("context",),
        version="1.0.0",
        context_provider=Provider(),
        hooks=Hooks(before_query=(Hook(hook),)),
    )
    source.plug(gate)
    assert (await check({"sql": "SELECT id FROM orders"}))[1]["verdict"] == "allow"

    source.plug(validate=lambda text: ValidationResult(False, "Not on Mondays."))
    _, told = await check({"sql": "SELECT id FROM orders"})
    assert (told["code"], told["message"]) == ("datasource_validator", "Not on Mondays.")


async def test_who_may_not_ask_may_not_check(check, vic, ann):
    body = {"sql": "SELECT id FROM orders"}

    assert (await check(body, owner=vic))[0] == 403
    assert (await check(body, role=Role.VIEWER))[0] == 403
    assert (await check(body, scopes=()))[0] == 403
    assert (await check(body, scopes=(Scope.DECIDE,)))[0] == 403
    anonymous = await in_db(lambda: Client().post(ADDRESS, body, "application/json"))
    assert anonymous.status_code == 401
    assert (await in_db(lambda: Client().get(ADDRESS))).status_code == 401
    strict = Client(enforce_csrf_checks=True)
    posted = await in_db(lambda: strict.post(ADDRESS, body, "application/json"))
    assert (posted.status_code, posted.json()["code"]) == (401, "unauthorized")
    page = await in_db(lambda: strict.post("/accounts/login/", {"username": "ann"}))
    assert page.status_code == 403
    assert "too old" in page.content.decode()


BAD = [
    ({}, 400),
    ({"sql": 5}, 400),
    ({"sql": "SELECT 1", "more": 1}, 400),
    ({"sql": "SELECT 1", "datasource": "nowhere"}, 404),
    ({"sql": "SELECT 1", "datasource": "shop\x00"}, 404),
]


@pytest.mark.parametrize(("body", "status"), BAD)
async def test_a_body_that_does_not_fit_is_refused(check, body, status):
    assert (await check(body))[0] == status


@pytest.mark.parametrize("sql", ["", "SELECT '\x00'", "SELECT (" * 5000, "x" * 200_000])
async def test_no_text_breaks_it(check, sql):
    status, told = await check({"sql": sql})

    assert (status, told["verdict"]) == (200, "deny")


def test_the_openapi_file_names_the_address_and_every_field():
    described = yaml.safe_load(OPENAPI.read_text())
    routes = {
        f"/api/v1/{pattern.pattern}"
        for pattern in get_resolver("atlas.datasources.api_urls").url_patterns
    }
    schemas = described["components"]["schemas"]

    assert routes <= set(described["paths"])
    for model in (api.Asking, api.Place, api.Verdict):
        assert set(schemas[model.__name__]["properties"]) == set(model.model_fields)
        required = {n for n, field in model.model_fields.items() if field.is_required()}
        assert set(schemas[model.__name__]["required"]) == required
