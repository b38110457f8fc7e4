"""Interaction plugins query, explore and read definitions for people and for API keys."""

import math
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from approvals import halting
from atlas.accounts.api_keys import create_key
from atlas.accounts.roles import Role, Scope
from atlas.audit.models import AuditEntry
from atlas.common.db import in_db
from atlas.datasources.answer_tables import MOST_ROWS, tables_of
from atlas.datasources.models import SemanticVersion, StoredResult
from atlas.doors import doors
from atlas.semantic.entities import Dimension, Entity, Source
from atlas.semantic.layer import SemanticLayer
from plugins_app.builtin.virtual_shell import virtual_shell
from plugins_app.host import people, registry
from plugins_app.host.calling import calls
from plugins_app.sdk import (
    AnswerTable,
    Datasource,
    Interaction,
    Person,
    Plugin,
    PluginError,
    Route,
    WebResponse,
)
from plugins_app.sdk.testing import FakeConnection
from tests.plugins.database import rows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

READING = "Your role or API key lets you read along, not ask. An admin can change it."
UNKNOWN = "There is no active person of this name."
DEAD = "This API key does not work. It may be revoked, expired or mistyped."
ORDERS = Entity(
    name="orders",
    table="orders",
    primary_key=("id",),
    dimensions=(Dimension(name="customer", sql="customer", values="from_db"),),
)
LAYER = SemanticLayer(
    source=Source(datasource="shop"),
    entities=(ORDERS,),
    values={"orders.customer": ("Canary Foods",)},
)
PEOPLE = {"ann": "analyst", "vic": "viewer", "ada": "admin", "off": "analyst"}


def set_up():
    users = get_user_model().objects
    made = {name: users.create(username=name, role=role) for name, role in PEOPLE.items()}
    users.filter(username="off").update(is_active=False)
    text = LAYER.model_dump(mode="json")
    SemanticVersion.objects.create(datasource="shop", digest=LAYER.digest, layer=text)
    return made


@pytest.fixture
async def source(start, tmp_path):
    """The connection of the datasource, beside a messenger that speaks for people."""
    people.install(doors(tmp_path))
    (tmp_path / "orders.yml").write_text("table: orders\n")
    connection = FakeConnection(("id",), ((7,),))
    shop = Plugin(
        id="shop",
        types=("datasource",),
        version="1.0.0",
        datasource=Datasource(create=lambda: connection, db_type="postgres"),
    )
    web = Interaction(routes=(Route("/events", lambda request: WebResponse()),))
    messenger = Plugin(id="messenger", types=("interaction",), version="1", interaction=web)
    connection.people = await in_db(set_up)
    await start(messenger, shop, virtual_shell())
    yield connection
    people.install(None)


async def does(name, *args, **options):
    entry = registry.current().get("messenger")

    async def run():
        try:
            return await getattr(entry.context, name)(*args, **options)
        except PluginError as error:
            return f"refused: {error}"

    return await calls.call(entry, run, timeout_s=math.inf)


async def key_of(source, name, role, *scopes):
    def make():
        owner = source.people[name]
        _key, text = create_key(owner, name="desk", role=role, scopes=scopes, by=owner)
        return f"Bearer {text}"

    return await in_db(make)


async def test_a_query_is_that_of_the_person_and_recorded_as_theirs(source):
    given = await does("query", "SELECT id FROM orders", "ann")
    assert (list(given.columns), list(given.rows)) == (["id"], [[7]])
    assert len(source.queries) == 1
    told = await rows(AuditEntry.objects.order_by("id"), "event", "actor_name")
    assert told == [("query.started", "ann"), ("query.ended", "ann")]


async def test_a_query_meets_the_guard(source):
    said = await does("query", "DELETE FROM orders", "ada")
    assert said.startswith("refused: ")
    said = await does("query", "SELECT * FROM pg_authid", "ada")
    assert said.startswith("refused: ")
    assert source.queries == []


async def test_nothing_is_asked_while_an_admin_has_stopped_everything(source):
    said = "refused: An admin has stopped everything: “An incident”. Ask again when it is lifted."
    await in_db(halting.halt, by=source.people["ada"], reason="An incident")
    assert await does("query", "SELECT id FROM orders", "ann") == said
    assert await does("explore", "ls", "ann") == said
    assert await does("query", "SELECT id FROM orders", "vic") == f"refused: {READING}"
    assert source.queries == []

    await in_db(halting.lift, by=source.people["ada"])
    assert list((await does("query", "SELECT id FROM orders", "ann")).rows) == [[7]]


REFUSED = [("vic", READING), ("off", UNKNOWN), ("nobody", UNKNOWN), ("Bearer atl_x_y", DEAD)]


@pytest.mark.parametrize(("name", "said"), REFUSED)
async def test_who_may_not_ask_gets_nothing_of_it(source, name, said):
    assert await does("query", "SELECT id FROM orders", name) == f"refused: {said}"
    assert await does("explore", "ls", name) == f"refused: {said}"
    assert await does("semantic_layer", name) == f"refused: {said}"
    assert source.queries == []


async def test_a_key_has_its_own_role_and_scopes(source):
    asking = await key_of(source, "ada", Role.ANALYST, Scope.ASK)
    reading = await key_of(source, "ada", Role.ADMIN)
    assert await does("person", "ada") == Person("ada", "admin", may_ask=True, may_decide=True)
    assert await does("person", asking) == Person("ada", "analyst", True, False)
    assert await does("person", reading) == Person("ada", "admin", False, False)
    assert list((await does("query", "SELECT id FROM orders", asking)).rows) == [[7]]
    assert await does("query", "SELECT id FROM orders", reading) == f"refused: {READING}"


async def test_the_definitions_come_without_values_of_the_data(source):
    layer = await does("semantic_layer", "ann")
    assert [entity["name"] for entity in layer["entities"]] == ["orders"]
    assert "Canary" not in str(layer)
    said = await does("semantic_layer", "ann", datasource="none")
    missing = "There is no semantic layer for this datasource. Ask an admin to load one."
    assert said == f"refused: {missing}"


async def test_explore_reads_the_folder_of_the_layer(source):
    found = await does("explore", "cat orders.yml", "ann")
    assert (found.stdout, found.exit_code) == ("table: orders\n", 0)


async def test_an_answer_has_the_first_rows_of_its_results_in_order(source):
    def keep(sql, count):
        later = timezone.now() + timedelta(days=1)
        return StoredResult.objects.create(
            datasource="shop",
            sql=sql,
            columns=[{"name": "n"}],
            rows=[[n] for n in range(count)],
            row_count=count,
            expires_at=later,
        )

    def told():
        kept = [keep("SELECT 1", 1), keep("SELECT 2", MOST_ROWS + 5)]
        ids = [kept[1].pk, uuid.uuid4(), kept[0].pk]
        parts = [{"kind": "result", "result_id": str(one)} for one in ids]
        return tables_of([*parts, {"kind": "notice"}, "odd"])

    many, one = await in_db(told)
    assert one == AnswerTable("SELECT 1", ("n",), ((0,),), 1)
    assert (many.sql, many.row_count, len(many.rows)) == ("SELECT 2", MOST_ROWS + 5, MOST_ROWS)
