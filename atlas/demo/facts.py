"""Orders and their lines, invented from a seed: the same arguments give the same bytes.

Only `Random.random()` is drawn from, and figures are made with the four basic operations, so that
neither the Python version nor the C library changes a byte.
"""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from atlas.demo import habits
from atlas.demo.dimensions import copy_field, rows

DAYS_COVERED = 913
ORDERS_AT_SCALE_ONE = 20_400
FIRST_ORDER_ID = 10_248
ORDERS_PER_BATCH = 2_000
DAYS_PER_SEASON = 14
LONGEST_TERM = 42
DEFAULT_SEED = 1996
LARGEST_SCALE = 1000.0

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Plan:
    """What to generate: the last order is dated the day before `as_of`."""

    as_of: dt.date
    seed: int = DEFAULT_SEED
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.scale <= LARGEST_SCALE:
            raise ValueError(f"scale must be above 0 and at most {LARGEST_SCALE:g}")

    @property
    def first_day(self) -> dt.date:
        """The first day that may have orders."""
        return self.as_of - dt.timedelta(days=DAYS_COVERED)


class Batch(NamedTuple):
    """Some orders and all their lines, in COPY's text format."""

    orders: str
    lines: str


class Draw(Generic[Choice]):
    """A weighted choice."""

    def __init__(self, weights: Mapping[Choice, float]) -> None:
        kept = {choice: weight for choice, weight in weights.items() if weight > 0}
        self._choices = list(kept)
        self._bounds = list(accumulate(kept.values()))

    def pick(self, chance: float) -> Choice:
        """The choice at `chance`, which is at least 0 and below 1."""
        return self._choices[bisect_right(self._bounds, chance * self._bounds[-1])]


class Product(NamedTuple):
    """What a line needs to know of a product."""

    product_id: int
    category_id: int
    cents: int
    weight: float
    until: float


class Customer(NamedTuple):
    """What an order needs to know of a customer; `since` and `until` are shares of the time."""

    customer_id: str
    weight: float
    since: float
    until: float
    freight: int
    ship_to: str


def batches(plan: Plan) -> Iterator[Batch]:
    """Yield all orders, oldest first; memory use does not grow with the scale."""
    trade = _Trade(plan)
    orders: list[str] = []
    lines: list[str] = []
    for day, count in enumerate(trade.orders_per_day()):
        for _ in range(count):
            trade.add_order(day, orders, lines)
            if len(orders) == ORDERS_PER_BATCH:
                yield Batch("".join(orders), "".join(lines))
                orders.clear()
                lines.clear()
    if orders:
        yield Batch("".join(orders), "".join(lines))


def order_count(plan: Plan) -> int:
    """How many orders there will be, without making them."""
    return sum(_Trade(plan).orders_per_day())


class _Trade:
    """The running state of the generator: random numbers, next order, who buys and what sells."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chance = random.Random(plan.seed).random  # noqa: S311 - a demo needs no secrecy
        self._dates = [
            (plan.first_day + dt.timedelta(days=day)).isoformat()
            for day in range(DAYS_COVERED + LONGEST_TERM)
        ]
        self._order_id = FIRST_ORDER_ID
        self._all_products = [_product(row) for row in rows("products")]
        self._all_customers = [_customer(row, self._chance) for row in rows("customers")]
        self._employees = Draw(habits.EMPLOYEE_WEIGHTS)
        self._shippers = Draw(habits.SHIPPER_WEIGHTS)
        self._line_counts = Draw(habits.LINES)
        self._quantities = Draw(habits.QUANTITIES)
        self._discounts = Draw(habits.DISCOUNTS)
        self._large_discounts = Draw(habits.DISCOUNTS_FOR_LARGE)
        self._season = -1

    def orders_per_day(self) -> list[int]:
        """How many orders each day has: growth, season, weekday and some noise."""
        total = max(1, round(ORDERS_AT_SCALE_ONE * self._plan.scale))
        weights = []
        for day in range(DAYS_COVERED):
            date = self._plan.first_day + dt.timedelta(days=day)
            growth = 1 + 0.9 * day / DAYS_COVERED
            season = habits.ORDER_SEASON[date.month - 1] * habits.WEEKDAYS[date.weekday()]
            weights.append(growth * season * (0.8 + 0.4 * self._chance()))
        bounds = list(accumulate(weights))
        reached = [int(total * bound / bounds[-1]) for bound in bounds]
        counts = [now - before for now, before in zip(reached, [0, *reached], strict=False)]
        counts[-1] = max(1, counts[-1])
        return counts

    def add_order(self, day: int, orders: list[str], lines: list[str]) -> None:
        """Append one order of that day, and its lines."""
        if day // DAYS_PER_SEASON != self._season:
            self._start_season(day)
        chance = self._chance
        customer = self._customers.pick(chance())
        order_id = self._order_id
        self._order_id += 1
        units = self._add_lines(order_id, day, customer, lines)
        shipper = self._shippers.pick(chance())
        required, shipped = self._delivery(day, shipper)
        freight = int(units * customer.freight * (0.6 + 0.8 * chance()))
        orders.append(
            f"{order_id}\t{customer.customer_id}\t{self._employees.pick(chance())}"
            f"\t{self._dates[day]}\t{self._dates[required]}\t{shipped}\t{shipper}"
            f"\t{_money(freight)}\t{customer.ship_to}\n"
        )

    def _add_lines(self, order_id: int, day: int, customer: Customer, lines: list[str]) -> int:
        chance = self._chance
        large = customer.weight >= habits.LARGE_CUSTOMER
        discounts = self._large_discounts if large else self._discounts
        bought: set[int] = set()
        units = 0
        for _ in range(self._line_counts.pick(chance())):
            product = self._products.pick(chance())
            quantity = self._quantities.pick(chance())
            discount = discounts.pick(chance())
            if product.product_id in bought:
                continue
            bought.add(product.product_id)
            if large:
                quantity += quantity * 3 // 5
            units += quantity
            price = _money(_price(product.cents, day))
            lines.append(
                f"{order_id}\t{product.product_id}\t{price}\t{quantity}\t0.{discount:02d}\n"
            )
        return units

    def _delivery(self, day: int, shipper: int) -> tuple[int, str]:
        """The day it is required, and the date it was shipped or null."""
        term, late, stuck, pace = (self._chance() for _ in range(4))
        required = day + (14 if term < 0.08 else LONGEST_TERM if term < 0.12 else 28)
        if stuck < habits.STUCK_CHANCE:
            return required, r"\N"
        if late < habits.LATE_CHANCE[shipper]:
            shipped = required + 1 + int(16 * pace * pace)
        else:
            shortest, longest = habits.DAYS_TO_SHIP[shipper]
            shipped = min(required, day + shortest + int((longest - shortest + 1) * pace))
        return required, self._dates[shipped] if shipped < DAYS_COVERED else r"\N"

    def _start_season(self, day: int) -> None:
        """Decide anew who may buy and how well each product sells."""
        self._season = day // DAYS_PER_SEASON
        month = (self._plan.first_day + dt.timedelta(days=day)).month - 1
        share = day / DAYS_COVERED
        self._customers = Draw(
            {c: c.weight for c in self._all_customers if c.since <= share < c.until}
        )
        self._products = Draw(
            {
                p: p.weight * habits.CATEGORY_SEASON.get(p.category_id, (1.0,) * 12)[month]
                for p in self._all_products
                if share < p.until
            }
        )


def _product(row: Mapping[str, str]) -> Product:
    number = int(row["product_id"])
    whole, _, cents = row["unit_price"].partition(".")
    return Product(
        product_id=number,
        category_id=int(row["category_id"]),
        cents=int(whole) * 100 + int(cents),
        weight=habits.PRODUCT_WEIGHTS.get(number, 1.0),
        until=0.45 + number % 7 * 0.06 if row["discontinued"] == "t" else 1.0,
    )


def _customer(row: Mapping[str, str], chance: Callable[[], float]) -> Customer:
    """One customer; some of the smaller ones first came later."""
    name = row["customer_id"]
    weight = habits.CUSTOMER_WEIGHTS.get(name, 1.0)
    newer, when = chance() < 0.3 and name not in habits.CUSTOMERS_LOST, chance()
    place = ("company_name", "address", "city", "region", "postal_code", "country")
    return Customer(
        customer_id=name,
        weight=weight,
        since=when * 0.85 if newer and weight <= 1 else 0.0,
        until=habits.CUSTOMERS_LOST.get(name, 1.0),
        freight=habits.FREIGHT.get(row["country"], habits.FREIGHT_ELSEWHERE),
        ship_to="\t".join(copy_field(row[column]) for column in place),
    )


def _price(cents: int, day: int) -> int:
    """What a product cost on that day: two rises led to the price of today."""
    if day < DAYS_COVERED * 0.4:
        return (cents * 92 + 50) // 100
    if day < DAYS_COVERED * 0.8:
        return (cents * 96 + 50) // 100
    return cents


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
