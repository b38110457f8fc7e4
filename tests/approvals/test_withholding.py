"""Deciders see a request under their own masks and row policies, whatever the asker saw."""

import json

import pytest
from django.db.models.functions import Now
from django.test import Client

from approvals.api.requests import action_out
from approvals.cards.card import render_card
from approvals.deciding.delegation import ballot_of
from approvals.errors import Conflict
from approvals.filing.changing import approve_with_changes
from approvals.for_plugins import pending
from approvals.models import ActionRequest
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.common.errors import NotAllowed
from atlas.conversations.models import Run
from atlas.datasources.masking import set_masks
from atlas.datasources.models import PastReading, StoredResult
from atlas.datasources.query import QueryOutcome, run_query
from atlas.datasources.row_policies import set_row_policies
from atlas.datasources.tasks import delete_expired_results
from atlas.sql.policies.masks import Mask, Masks
from atlas.sql.policies.rows import RowPolicies, RowPolicy
from plugins_app.sdk import Datasource, Plugin, QueryResult
from tests.approvals.desk import TABLE, approve, propose, start_run
from tests.datasources.conftest import FakeSource
from tests.datasources.orders import LAYER

pytestmark = pytest.mark.django_db(transaction=True)

OF_TENANT = RowPolicies((RowPolicy("tenant", ("orders",), column="customer", claim="org"),))
OF_PERSON = RowPolicies((RowPolicy("own", ("orders",), column="customer", claim="username"),))
PLAIN_FOR_ADMINS = Masks((Mask(("orders",), ("customer",), "partial", plain_for=("admin",)),))
PLAIN_FOR_ANALYSTS = Masks((Mask(("orders",), ("customer",), plain_for=("analyst",)),))
SECRETS = ["Chai is out of stock", "Chai costs twelve", "<td>Chai</td>", "Tofu"]


@pytest.fixture(autouse=True)
def nothing_hidden():
    yield
    set_masks(Masks())
    set_row_policies(RowPolicies())


@pytest.fixture
def source():
    fake = FakeSource()
    fake.result = QueryResult(["customer"], [["Chai"]])
    return fake


@pytest.fixture
def filed(install, outside, source, ann, bob, vic):
    """File what ann proposes after she read orders; `sql` is what she read."""
    made = Datasource(create=lambda: source, db_type="postgres")
    shop = Plugin(id="shop", types=("datasource",), version="1.0.0", datasource=made)
    install(outside.plugin(data_fields=("title", "body")), shop)

    async def run(sql="SELECT customer FROM orders", action="mail"):
        one = await in_db(lambda: start_run(ann, bob, readers=[vic]))
        asker = await in_db(Principal.of, ann, one.conversation_id)
        answer = await run_query(asker, "shop", sql, layer=LAYER)
        assert isinstance(answer, QueryOutcome), answer
        body = "Chai costs twelve"
        return await in_db(propose, one, action, title="Tofu", body=body, attachments=(TABLE,))

    return run


async def give(person, **claims):
    person.claims = claims
    await in_db(person.save)


async def card_for(request, person):
    stored = await in_db(ActionRequest.objects.get, pk=request.pk)
    return await in_db(render_card, stored, person)


def hidden(card):
    return [secret for secret in SECRETS if secret in card]


async def test_without_policies_and_masks_everything_is_shown(filed, bob, ada):
    request = await filed()

    assert hidden(await card_for(request, ada)) == SECRETS
    assert hidden(await card_for(request, bob)) == SECRETS


async def test_another_tenants_decider_sees_none_of_the_values(filed, ann, ada, abe):
    set_row_policies(OF_TENANT)
    await give(ann, org="acme")
    await give(ada, org="acme")
    await give(abe, org="bolt")
    request = await filed()

    assert hidden(await card_for(request, ada)) == SECRETS
    card = await card_for(request, abe)
    assert hidden(card) == []
    assert "(withheld from you)" in card
    assert "Some of it is withheld" in card
    assert "Create a ticket to restock Chai" in card  # the asker's own words


@pytest.mark.parametrize("claims", [{}, {"org": None}, {"org": ["acme", "bolt"]}])
async def test_other_or_missing_claims_are_not_the_same(filed, ann, ada, claims):
    set_row_policies(OF_TENANT)
    await give(ann, org="acme")
    await give(ada, **claims)

    assert hidden(await card_for(await filed(), ada)) == []


async def test_a_policy_by_person_shows_it_to_nobody_else(filed, ann, ada):
    set_row_policies(OF_PERSON)
    request = await filed()

    assert hidden(await card_for(request, ann)) == SECRETS
    assert hidden(await card_for(request, ada)) == []


async def test_a_mask_that_the_asker_was_exempt_from_holds_for_the_decider(filed, ann, ada):
    set_masks(PLAIN_FOR_ANALYSTS)
    request = await filed()

    assert hidden(await card_for(request, ann)) == SECRETS
    assert hidden(await card_for(request, ada)) == []


async def test_who_may_see_more_than_the_asker_sees_all_of_it(filed, ada, bob):
    set_masks(PLAIN_FOR_ADMINS)
    request = await filed()

    assert hidden(await card_for(request, ada)) == SECRETS
    assert hidden(await card_for(request, bob)) == SECRETS


async def test_what_was_not_read_hides_nothing(filed, ada):
    set_masks(PLAIN_FOR_ANALYSTS)

    assert hidden(await card_for(await filed("SELECT placed FROM orders"), ada)) == SECRETS


async def test_a_rule_made_later_counts_for_what_was_filed_before(filed, ann, ada):
    request = await filed()
    set_row_policies(OF_TENANT)
    await give(ada, org="acme")

    assert hidden(await card_for(request, ada)) == []


async def test_values_of_results_that_are_gone_stay_withheld(filed, ann, ada):
    set_masks(PLAIN_FOR_ANALYSTS)
    first = await filed()
    await in_db(lambda: StoredResult.objects.update(expires_at=Now()))
    assert await in_db(delete_expired_results) == 1
    run = await in_db(Run.objects.get, pk=first.origin_run_id)

    # From the words of the answer above, which stays as long as the conversation.
    later = await in_db(propose, run, "mail", title="Tofu", body="Chai costs twelve", call="call-2")

    assert later.why["seen"] == first.why["seen"] != []
    assert hidden(await card_for(later, ada)) == []
    await in_db(lambda: run.conversation.delete())
    assert not await in_db(PastReading.objects.exists)


async def test_the_api_and_plugins_withhold_it_too(filed, ann, ada):
    set_masks(PLAIN_FOR_ANALYSTS)
    request = await filed()

    told = await in_db(lambda: action_out(request, ballot_of(request, ada)))
    (waiting,) = await pending("ada")

    assert hidden(json.dumps(told.model_dump(mode="json"))) == []
    assert told.arguments["body"] == "(withheld from you)"
    assert told.payload_hash == waiting.payload_hash != request.payload_hash
    assert hidden(str(waiting)) == []


async def test_who_does_not_see_it_approves_or_rejects_but_does_not_change_it(filed, ann, ada):
    set_masks(PLAIN_FOR_ANALYSTS)
    request = await filed()

    assert "Change…" not in await card_for(request, ada)
    with pytest.raises(NotAllowed, match="withheld"):
        await approve_with_changes(
            request.pk, by=ada, payload_hash=request.payload_hash, arguments={"title": "x"}
        )
    await in_db(approve, request, ada)


async def test_the_history_in_admin_has_no_values_of_the_data(filed, ann, ada):
    set_masks(PLAIN_FOR_ANALYSTS)
    request = await filed()

    def page():
        client = Client()
        client.force_login(ada)
        return client.get(f"/admin/approvals/actionrequest/{request.pk}/change/").content.decode()

    text = await in_db(page)
    assert hidden(text) == []


async def test_what_is_said_about_a_closed_request_withholds_it_too(filed, ann, ada, abe):
    set_masks(PLAIN_FOR_ANALYSTS)
    request = await filed()
    await in_db(approve, request, ada)

    with pytest.raises(Conflict) as told:
        await in_db(approve, request, abe)

    assert hidden(told.value.user_message) == []
    assert "(withheld from you)" in told.value.user_message
