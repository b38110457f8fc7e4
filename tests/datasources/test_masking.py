"""Masks on the query path: what is stored, shown, handed to hooks, and kept out of the layer."""

import re

import pytest

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.accounts.roles import Role
from atlas.audit.events import AuditEvent
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.common.errors import AtlasError
from atlas.datasources import masking, row_policies
from atlas.datasources.misnamed import misnamed
from atlas.datasources.models import SemanticVersion, StoredResult
from atlas.datasources.query import EngineFailed, QueryOutcome, Refused, run_query
from atlas.datasources.reloading import reload_layer
from atlas.sql.policies.masks import HIDDEN, Mask, Masks
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from plugins_app.host.facets import hooks as host_hooks
from plugins_app.sdk import Hook, Hooks, Plugin, ValidationResult
from tests.datasources.orders import LAYER

pytestmark = pytest.mark.django_db(transaction=True)

SQL = "SELECT id, customer, total FROM orders ORDER BY id LIMIT 2"


@pytest.fixture
def hide():
    yield lambda *given: masking.set_masks(Masks(given))
    masking.set_masks(Masks())


@pytest.fixture
def ask(ann, layer):
    async def run(sql=SQL, role=Role.ANALYST, layer=layer):
        is_staff = role is Role.ADMIN
        await in_db(User.objects.filter(pk=ann.pk).update, role=role, is_staff=is_staff)
        return await run_query(Principal(ann.pk, "ann", role), "shop", sql, layer=layer)

    return run


CUSTOMER = Mask(("orders",), ("customer",), "full", plain_for=("admin",))


async def test_rows_are_masked_before_they_are_stored(ask, shop, hide):
    shop()
    hide(CUSTOMER)
    outcome = await ask()
    expected = [[1, HIDDEN, "1.50"], [2, None, "3.00"]]
    assert outcome.rows == expected
    stored = await in_db(StoredResult.objects.get, pk=outcome.result_id)
    assert stored.rows == expected
    assert (await ask(role=Role.ADMIN)).rows == [[1, "Bo", "1.50"], [2, None, "3.00"]]
    body = await in_db(AuditEntry.objects.filter(event=AuditEvent.QUERY_STARTED).first)
    assert body.body["masks"] == ["none", "full", "none"]


async def test_hooks_see_what_the_person_sees(ask, source, hide):
    seen = []
    hooks = Hooks(after_query=(Hook(lambda event, context: seen.append(event.rows)),))
    source.result = type(source.result)(["customer"], [{"customer": "Bo"}])
    source.plug(Plugin(id="watch", types=("action",), version="1.0.0", hooks=hooks))
    hide(CUSTOMER)
    outcome = await ask("SELECT customer FROM orders")
    assert outcome.rows == [[HIDDEN]]
    await host_hooks.drain()
    assert [list(map(list, rows)) for rows in seen] == [[[HIDDEN]]]


async def test_engine_that_answers_with_other_columns_shows_nothing(ask, source, hide):
    source.result = type(source.result)(["id", "customer"], [[1, "Bo"]])
    hide(CUSTOMER)
    assert (await ask("SELECT customer FROM orders")).rows == [[HIDDEN, HIDDEN]]


async def test_filter_on_a_masked_column_is_refused(ask, source, hide):
    hide(CUSTOMER)
    refused = await ask("SELECT id FROM orders WHERE customer = 'Bo'")
    assert isinstance(refused, Refused)
    assert (refused.rejection.code, refused.rejection.stage) == ("masked_filter", "masks")
    assert "masked for you" in refused.rejection.message
    assert source.sent == []
    assert isinstance(
        await ask("SELECT id FROM orders WHERE customer = 'Bo'", Role.ADMIN), QueryOutcome
    )


async def test_error_tells_no_class(ask, shop, hide):
    shop()
    sql = "SELECT CAST(customer AS int) AS n FROM orders"
    assert (await ask(sql)).code == "bad_value"
    hide(CUSTOMER)
    failed = await ask(sql)
    assert isinstance(failed, EngineFailed)
    assert (failed.code, failed.line) == ("engine_error", 0)


@pytest.mark.parametrize(
    ("tables", "role", "is_sent"),
    [
        ((), Role.ANALYST, False),
        (("orders",), Role.ANALYST, False),
        (("orders",), Role.ADMIN, True),
        (("salaries",), Role.ANALYST, True),
    ],
)
async def test_language_that_is_not_known_cannot_mask(
    ask, source, hide, layer, tables, role, is_sent
):
    salaries = layer.entities[0].model_copy(update={"name": "salaries", "table": "salaries"})
    both = layer.model_copy(update={"entities": (*layer.entities, salaries)})
    source.plug(language="sosl", validate=lambda text: ValidationResult(True, tables=tables))
    hide(CUSTOMER)
    answer = await ask("FIND {Ana}", role, both)
    assert isinstance(answer, QueryOutcome if is_sent else Refused)


async def test_values_of_masked_columns_stay_out_of_the_layer(shop, hide, tmp_path):
    shop()
    hide(CUSTOMER)
    (tmp_path / "entities").mkdir()
    (tmp_path / "source.yml").write_text("datasource: shop\n")
    (tmp_path / "entities" / "orders.yml").write_text(
        "name: orders\ntable: orders\nschema_name: shop\nprimary_key: id\n"
        "dimensions:\n  - {name: who, sql: 'upper(customer)', values: from_db}\n"
        "  - {name: third, sql: 'id % 3', values: from_db}\n"
    )
    report = await reload_layer("shop", tmp_path)
    assert report.problems == ()
    version = await in_db(SemanticVersion.objects.first)
    assert list(version.layer["values"]) == ["orders.third"]


def test_names_that_nothing_has_are_told(hide):
    row_policies.set_row_policies(RowPolicies((RowPolicy("p", ("ordres",), "a", "b"),)))
    hide(CUSTOMER, Mask(("orders",), ("custmer", "secret")), Mask(("*",), ("customer",)))
    try:
        found = misnamed(LAYER.catalog())
    finally:
        row_policies.set_row_policies(RowPolicies())
    assert [re.search(r"(table|column) (\w+),", text)[2] for text in found] == [
        "ordres",
        "custmer",
        "secret",
    ]


def test_file_of_the_operator():
    class Module:
        masks = Masks((CUSTOMER,))

    assert masking.chosen_masks(Module) == Masks((CUSTOMER,))
    assert masking.chosen_masks(object()) == Masks()
    Module.masks = [CUSTOMER]
    with pytest.raises(AtlasError, match="Masks"):
        masking.chosen_masks(Module)
    Module.masks = Masks((Mask(("orders",), ("customer",), plain_for=("boss",)),))
    with pytest.raises(AtlasError, match="boss"):
        masking.chosen_masks(Module)
