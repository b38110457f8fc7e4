"""`sql check --config` and `--as`: what the operator's policies would make of a query."""

import asyncio

import pytest
from django.core.management import CommandError, call_command

from atlas.common.db import in_db
from atlas.datasources import masking, row_policies, sensitive
from atlas.management import configured_check
from atlas.sql.policies.masks import Mask, Masks
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from atlas.sql.policies.sensitive import SensitiveQueries, SensitiveQuery
from tests.datasources.orders import LAYER

pytestmark = pytest.mark.django_db(transaction=True)

SQL = "SELECT customer FROM orders"


@pytest.fixture
def told(source, monkeypatch, capsys):
    """Run the command in a thread, as if its plugins were those of this test."""
    loop = asyncio.get_event_loop()

    def with_plugins(work):
        return asyncio.run_coroutine_threadsafe(work(), loop).result(10)

    monkeypatch.setattr(configured_check, "with_plugins", with_plugins)
    monkeypatch.setattr(configured_check, "needed_layer", lambda _env, _name: LAYER)
    place = type("Place", (), {"datasource": "shop"})
    monkeypatch.setattr(configured_check, "layer_folder", lambda _env: place)
    row_policies.set_row_policies(
        RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="org"),))
    )
    masking.set_masks(Masks((Mask(("orders",), ("customer",), "hash", plain_for=("admin",)),)))
    sensitive.set_sensitive_queries(SensitiveQueries((SensitiveQuery("all", ("*",)),)))

    async def run(*arguments):
        await in_db(call_command, "sql", "check", *arguments)
        return capsys.readouterr().out.splitlines()

    yield run
    row_policies.set_row_policies(RowPolicies())
    masking.set_masks(Masks())
    sensitive.set_sensitive_queries(SensitiveQueries())


async def test_a_configuration_names_what_would_apply_to_anybody(told):
    assert await told(SQL, "--config") == [
        "Accepted. Tables: shop.orders",
        "Columns: orders.customer",
        "SELECT orders.customer FROM shop.orders LIMIT 1001",
        "Row policies: own",
        "Masks: orders.customer (hash)",
        "Needs approval by: all",
    ]


async def test_a_person_meets_own_claims_and_masks(told, ann, ada):
    lines = await told(SQL, "--as", "ann")
    assert lines[0] == "Refused by row_policies: no_claim"

    ada.claims = {"org": "acme"}
    await in_db(ada.save)
    assert (await told(SQL, "--as", "ada"))[3:] == [
        "Row policies: own",
        "Masks: none",
        "Needs approval by: all",
    ]


@pytest.mark.parametrize("more", [("--as", "nobody"), ("--config", "--tables", "orders")])
async def test_what_cannot_be_meant_is_an_error(told, more):
    with pytest.raises(CommandError):
        await told(SQL, *more)
