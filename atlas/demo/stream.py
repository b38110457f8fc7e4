"""The demo data as one stream of COPY blocks, ready for a database or a checksum."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from atlas.demo import dimensions
from atlas.demo.facts import Plan, batches

ORDER_COLUMNS = (
    "order_id",
    "customer_id",
    "employee_id",
    "order_date",
    "required_date",
    "shipped_date",
    "ship_via",
    "freight",
    "ship_name",
    "ship_address",
    "ship_city",
    "ship_region",
    "ship_postal_code",
    "ship_country",
)
LINE_COLUMNS = ("order_id", "product_id", "unit_price", "quantity", "discount")


class Block(NamedTuple):
    """Rows of one table in COPY's text format; a table may come in many blocks."""

    table: str
    columns: tuple[str, ...]
    data: bytes


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield every row of the demo, first the well-known tables, then orders with their lines."""
    for table in dimensions.TABLES:
        text = "".join(dimensions.copy_lines(table))
        yield Block(table, dimensions.columns(table), text.encode())
    for batch in batches(plan):
        yield Block("orders", ORDER_COLUMNS, batch.orders.encode())
        yield Block("order_details", LINE_COLUMNS, batch.lines.encode())


def heading(block: Block) -> bytes:
    """What tells a block's table and columns apart in a checksum."""
    return f"{block.table}({','.join(block.columns)})\n".encode()


def fingerprint(plan: Plan) -> str:
    """SHA-256 of the whole stream: the same plan gives the same bytes everywhere."""
    digest = hashlib.sha256()
    for block in blocks(plan):
        digest.update(heading(block) + block.data)
    return digest.hexdigest()
