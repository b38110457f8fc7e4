"""The generated facts: the same bytes for the same arguments, and a company worth asking about."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import islice

import pytest

from atlas.demo import dimensions
from atlas.demo.facts import DAYS_COVERED, Plan, batches, order_count
from atlas.demo.stream import LINE_COLUMNS, ORDER_COLUMNS, blocks, fingerprint

AS_OF = dt.date(2026, 5, 7)
FINGERPRINTS = {
    Plan(AS_OF): "90c6fd22538d88ad483669bf0abd8a0d12fb81ad7a253b28b937def10eb65f81",
    Plan(
        AS_OF, seed=7, scale=0.05
    ): "3cec568936dbb07df9a1a8afb92ac21abe27cfab2920b5fcd8256205131ea224",
    Plan(
        dt.date(2024, 3, 1), scale=0.05
    ): "ba534ab7fba2b9c05f7371272c9201d239159c63e44cb910c683c53eccb871bb",
}


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    """Every row of the default demo by table."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for block in blocks(Plan(AS_OF)):
        for line in block.data.decode().splitlines():
            found[block.table].append(dict(zip(block.columns, line.split("\t"), strict=True)))
    return found


@pytest.mark.parametrize(("plan", "expected"), FINGERPRINTS.items(), ids=str)
def test_the_same_plan_gives_the_same_bytes(plan: Plan, expected: str) -> None:
    assert fingerprint(plan) == expected


def test_every_argument_changes_the_bytes() -> None:
    plans = [
        Plan(AS_OF, 1, 0.05),
        Plan(AS_OF, 2, 0.05),
        Plan(AS_OF, 1, 0.06),
        Plan(dt.date(2026, 5, 8), 1, 0.05),
    ]

    assert len({fingerprint(plan) for plan in plans}) == len(plans)


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("categories", 8),
        ("products", 77),
        ("customers", 91),
        ("suppliers", 29),
        ("employees", 9),
        ("shippers", 3),
        ("region", 4),
        ("territories", 53),
        ("employee_territories", 49),
    ],
)
def test_the_well_known_tables_are_complete(table: str, count: int) -> None:
    assert len(dimensions.rows(table)) == count


def test_the_well_known_values_add_up() -> None:
    products = dimensions.rows("products")
    cents = sum(int(row["unit_price"].replace(".", "")) for row in products)

    assert cents == 222_271
    assert sum(int(row["units_in_stock"]) for row in products) == 3_119
    assert sum(int(row["units_on_order"]) for row in products) == 780
    assert sum(row["discontinued"] == "t" for row in products) == 8
    assert sum(row["units_in_stock"] == "0" for row in products) == 5
    assert len({row["country"] for row in dimensions.rows("customers")}) == 21


@pytest.mark.parametrize(
    ("table", "column", "target", "key"),
    [
        ("products", "supplier_id", "suppliers", "supplier_id"),
        ("products", "category_id", "categories", "category_id"),
        ("territories", "region_id", "region", "region_id"),
        ("employee_territories", "employee_id", "employees", "employee_id"),
        ("employee_territories", "territory_id", "territories", "territory_id"),
        ("orders", "customer_id", "customers", "customer_id"),
        ("orders", "employee_id", "employees", "employee_id"),
        ("orders", "ship_via", "shippers", "shipper_id"),
        ("order_details", "order_id", "orders", "order_id"),
        ("order_details", "product_id", "products", "product_id"),
    ],
)
def test_every_reference_has_a_target(tables, table, column, target, key) -> None:
    assert {row[column] for row in tables[table]} <= {row[key] for row in tables[target]}


def test_keys_are_unique(tables) -> None:
    lines = [(row["order_id"], row["product_id"]) for row in tables["order_details"]]
    orders = [row["order_id"] for row in tables["orders"]]

    assert len(set(lines)) == len(lines)
    assert len(set(orders)) == len(orders)
    assert set(orders) == {order for order, _ in lines}


def test_orders_cover_two_and_a_half_years_and_end_the_day_before(tables) -> None:
    days = [dt.date.fromisoformat(row["order_date"]) for row in tables["orders"]]

    assert days == sorted(days)
    assert days[-1] == AS_OF - dt.timedelta(days=1)
    assert days[0] >= AS_OF - dt.timedelta(days=DAYS_COVERED)
    assert days[0] < AS_OF - dt.timedelta(days=900)
    assert len(days) == 20_400


@pytest.mark.parametrize("scale", [0.001, 0.01, 0.5])
def test_even_a_small_demo_has_an_order_of_the_day_before(scale: float) -> None:
    *_, last = batches(Plan(AS_OF, scale=scale))

    assert last.orders.splitlines()[-1].split("\t")[3] == "2026-05-06"


def test_nothing_is_shipped_in_the_future(tables) -> None:
    shipped = [row["shipped_date"] for row in tables["orders"] if row["shipped_date"] != r"\N"]

    assert max(shipped) <= "2026-05-06"
    assert all(
        row["shipped_date"] >= row["order_date"]
        for row in tables["orders"]
        if row["shipped_date"] != r"\N"
    )


def test_some_orders_are_late_and_shippers_differ(tables) -> None:
    late: Counter[str] = Counter()
    shipped: Counter[str] = Counter()
    for row in tables["orders"]:
        if row["shipped_date"] != r"\N":
            shipped[row["ship_via"]] += 1
            late[row["ship_via"]] += row["shipped_date"] > row["required_date"]

    rates = {shipper: late[shipper] / shipped[shipper] for shipper in shipped}
    assert rates["1"] < 0.04 < rates["3"] < 0.07 < rates["2"] < 0.12


def test_some_orders_wait_and_a_few_are_forgotten(tables) -> None:
    waiting = [row for row in tables["orders"] if row["shipped_date"] == r"\N"]

    assert 200 < len(waiting) < 500
    assert 20 < sum(row["required_date"] < "2026-05-06" for row in waiting) < 100


def test_customers_are_unequal_and_two_never_order(tables) -> None:
    country = {row["customer_id"]: row["country"] for row in tables["customers"]}
    orders = Counter(row["customer_id"] for row in tables["orders"])
    german = [name for name, _ in orders.most_common() if country[name] == "Germany"]

    assert set(country) - set(orders) == {"FISSA", "PARIS"}
    assert german[0] == "QUICK"
    assert orders["QUICK"] > 1.5 * orders[german[1]]


def test_december_sells_more_than_august_and_years_grow(tables) -> None:
    months = Counter(row["order_date"][:7] for row in tables["orders"])

    assert months["2025-12"] > 1.4 * months["2025-08"]
    assert months["2026-03"] > 1.15 * months["2025-03"]


def test_discounts_and_prices_are_plausible(tables) -> None:
    discounts = Counter(row["discount"] for row in tables["order_details"])
    now = {row["product_id"]: row["unit_price"] for row in tables["products"]}

    assert set(discounts) == {"0.00", "0.05", "0.10", "0.15", "0.20", "0.25"}
    assert 0.5 < discounts["0.00"] / discounts.total() < 0.7
    assert (
        tables["order_details"][-1]["unit_price"] == now[tables["order_details"][-1]["product_id"]]
    )
    assert float(tables["order_details"][0]["unit_price"]) < float(
        now[tables["order_details"][0]["product_id"]]
    )


def test_scale_fifty_is_over_a_million_orders_and_comes_in_pieces() -> None:
    plan = Plan(AS_OF, scale=50)

    first = next(islice(batches(plan), 1))

    assert order_count(plan) > 1_000_000
    assert len(first.orders.splitlines()) == 2_000


@pytest.mark.parametrize("scale", [0, -1, 1001, float("nan")])
def test_a_scale_out_of_range_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale must be above 0"):
        Plan(AS_OF, scale=scale)


def test_columns_of_the_stream_match_its_rows(tables) -> None:
    assert tuple(tables["orders"][0]) == ORDER_COLUMNS
    assert tuple(tables["order_details"][0]) == LINE_COLUMNS


def test_copy_fields_are_escaped() -> None:
    assert dimensions.copy_field("") == r"\N"
    assert dimensions.copy_field("a\tb\\c\nd\re") == r"a\tb\\c\nd\re"
