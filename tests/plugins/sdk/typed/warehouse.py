"""Plugins whose types are looked at; imported by nobody at run time."""

from typing import Any, Literal

from pydantic import BaseModel

from plugins_app.sdk import (
    Action,
    ActionContext,
    Connection,
    Datasource,
    Plugin,
    PluginConfig,
    Sandbox,
    create_plugin,
    define_plugin,
)

imported = True


class Config(PluginConfig):
    url: str
    database: str | None = None


class Ticket(BaseModel):
    title: str


class Parsing:
    def parse(self, raw: dict[str, Any]) -> int:
        return int(raw["size"])


def connect() -> Connection:
    raise NotImplementedError


def execute(arguments: Ticket, ctx: ActionContext) -> dict[str, Any]:
    return {"title": arguments.title}


def build(
    config: Config,
) -> Plugin[Config, Literal["datasource"], Literal["clickhouse"], tuple[()]]:
    return Plugin(
        id="warehouse",
        types=("datasource",),
        version="1.0.0",
        config=config,
        datasource=Datasource(create=connect, db_type="clickhouse"),
    )


def build_short(config: Config) -> Plugin[Config]:
    return Plugin(
        id="short",
        types=("datasource", "sandbox"),
        version="1.0.0",
        config=config,
        datasource=Datasource(create=connect, db_type="clickhouse"),
        sandbox=Sandbox(create=lambda root: NotImplemented),
    )


warehouse = create_plugin(config_model=Config, create=build)
short = create_plugin(config_model=Config, create=build_short)
sized = create_plugin(
    config_model=Parsing(),
    create=lambda size: Plugin(id="sized", types=("action",), version="1.0.0", config=size),
)
tickets = define_plugin(
    Plugin(
        id="tickets",
        types=("action",),
        version="1.0.0",
        actions=(
            Action(
                name="file",
                description="File it",
                arguments=Ticket,
                execute=execute,
                action_type="ticket:file",
            ),
        ),
    )
)
