"""One shop for each engine, made by the first test that asks for it."""

from collections.abc import Iterator

import pytest

from atlas.accounts.models import User
from atlas.accounts.principal import Principal
from atlas.common.db import in_db
from atlas.datasources import masking, row_policies
from atlas.datasources.query import run_query
from atlas.sql.policies.masks import Masks
from atlas.sql.policies.rows import RowPolicies
from tests.datasources.engines.shops import DuckdbShop, MariaDBShop, PostgresShop, as_shop
from tests.datasources.orders import layer_with

LAYER = layer_with("big", "wide", "moment", "raw", "note")
SHOPS = ("postgres", "duckdb", "mariadb")


@pytest.fixture(scope="session")
def postgres_shop(cluster) -> Iterator[PostgresShop]:
    made = PostgresShop(cluster)
    yield made
    made.close()


@pytest.fixture(scope="session")
def duckdb_shop(tmp_path_factory) -> DuckdbShop:
    return DuckdbShop(tmp_path_factory.mktemp("duckdb"))


@pytest.fixture(scope="session")
def mariadb_shop() -> Iterator[MariaDBShop]:
    made = MariaDBShop()
    yield made
    made.close()


@pytest.fixture(params=SHOPS)
def engine(request, install):
    """A shop whose plugin is hosted as "shop"; the test runs once for each engine."""
    made = request.getfixturevalue(f"{request.param}_shop")
    install(as_shop(made.plugin()))
    return made


@pytest.fixture
def layer():
    return LAYER


@pytest.fixture
def ask(ann, layer):
    """Ask as ann, who has these claims."""

    async def run(sql, claims=None, **more):
        await in_db(User.objects.filter(pk=ann.pk).update, claims=claims or {})
        return await run_query(Principal.of(ann), "shop", sql, layer=layer, **more)

    return run


@pytest.fixture
def policies():
    yield lambda *given, **more: row_policies.set_row_policies(RowPolicies(given, **more))
    row_policies.set_row_policies(RowPolicies())


@pytest.fixture
def hide():
    yield lambda *given: masking.set_masks(Masks(given))
    masking.set_masks(Masks())
