"""The orders of the shop as a semantic layer, and as the files that it is read from."""

from atlas.semantic.entities import Dimension, Entity, Measure, Source
from atlas.semantic.layer import SemanticLayer

SOURCE = "datasource: shop\nas_of: max(orders.placed)\n"
ORDERS = """
name: orders
table: orders
schema_name: shop
primary_key: id
dimensions:
  - name: customer
    sql: customer
    values: from_db
  - name: placed
    sql: placed
    type: date
measures:
  - name: revenue
    sql: total
    format: money
"""


def layer_with(*columns: str) -> SemanticLayer:
    """The layer, with these columns as text beside the usual ones."""
    orders = Entity(
        name="orders",
        table="orders",
        schema_name="shop",
        primary_key=("id",),
        default_time="orders.placed",
        dimensions=(
            Dimension(name="customer", sql="customer", values="from_db"),
            Dimension(name="placed", sql="placed", type="date"),
            *(Dimension(name=name, sql=name, type="text") for name in columns),
        ),
        measures=(Measure(name="revenue", sql="total", format="money"),),
    )
    source = Source(datasource="shop", as_of="max(orders.placed)")
    return SemanticLayer(source=source, entities=(orders,))


LAYER = layer_with()
