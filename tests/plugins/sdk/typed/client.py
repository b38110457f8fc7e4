"""Names the types of plugins and imports none of them at run time."""

from typing import TYPE_CHECKING, reveal_type

from plugins_app.sdk import infer

if TYPE_CHECKING:
    from tests.plugins.sdk.typed.warehouse import short, sized, tickets, warehouse

    W = infer(warehouse)
    T = infer(tickets)
    reveal_type(W.Config)  # type[Config]
    reveal_type(W.Type)  # Literal['datasource']
    reveal_type(W.Id)  # str
    reveal_type(W.Name)  # str
    reveal_type(W.Version)  # str
    reveal_type(W.DbType)  # Literal['clickhouse']
    reveal_type(W.Actions)  # tuple[()]
    reveal_type(W.Security)  # Security
    reveal_type(T.Type)  # Literal['action']
    reveal_type(T.Actions)  # tuple[Action[Ticket]]
    reveal_type(infer(short).Config)  # type[Config]
    reveal_type(infer(sized).Config)  # type[int]
    reveal_type(warehouse(url="clickhouse://h/d").config)  # Config | None
    reveal_type(sized(size=1).config)  # int | None
