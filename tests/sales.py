"""A small semantic layer: orders of a shop with revenue and freight by day."""

import datetime as dt

from atlas.semantic.entities import Dimension, Entity, Measure, Source
from atlas.semantic.layer import SemanticLayer

ORDERS = Entity(
    name="orders",
    table="orders",
    primary_key=("id",),
    default_time="orders.placed",
    default_measure="orders.revenue",
    dimensions=(Dimension(name="placed", sql="placed", type="date"),),
    measures=(
        Measure(name="revenue", sql="total", format="money"),
        Measure(name="freight", sql="freight", format="money"),
    ),
)
LAYER = SemanticLayer(
    source=Source(datasource="shop"), entities=(ORDERS,), as_of=dt.date(2026, 6, 30)
)
