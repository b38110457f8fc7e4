"""The ticket plugin: configuration, arguments and the one action."""

from typing import Any, Literal

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    create_model,
    model_validator,
)

from plugins_app.builtin.ticket import store
from plugins_app.sdk import (
    Action,
    ActionContext,
    ActionPhrases,
    HealthResult,
    Plugin,
    PluginConfig,
    Preview,
    create_plugin,
    measured,
)

Priority = Literal["low", "medium", "high"]
PRIORITIES = "low, medium or high"


class Config(PluginConfig):
    """Without `api_url` tickets are kept in the plugin's own table."""

    api_url: AnyHttpUrl | None = None
    api_key: SecretStr | None = None
    default_priority: Priority = "medium"
    timeout_s: float = Field(default=20.0, gt=0, le=120)
    api_honors_idempotency_key: bool = True

    @model_validator(mode="after")
    def has_key_for_api(self) -> "Config":
        """Refuse an API without its key."""
        if self.api_url is not None and not (self.api_key and self.api_key.get_secret_value()):
            raise ValueError("api_key must not be empty when api_url is given")
        return self


class TicketArguments(BaseModel):
    """What the asker wants to be filed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=200, description="Short summary of the issue")
    body: str = Field(
        default="", max_length=20_000, description="Detailed description with relevant data"
    )
    priority: Priority = Field(default="medium", description=PRIORITIES)


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    return Plugin(
        id="ticket",
        types=("action",),
        version="1.0.0",
        name="Support tickets",
        config=config,
        actions=(_action(config),),
        schema=store.SCHEMA,
        health_check=_health_check(config),
    )


def arguments_of(config: Config) -> type[TicketArguments]:
    """The arguments with the configured default, so that a request holds what will be filed."""
    priority = Field(default=config.default_priority, description=PRIORITIES)
    return create_model("TicketArguments", __base__=TicketArguments, priority=(Priority, priority))


def _action(config: Config) -> Action[TicketArguments]:
    def ticket_of(arguments: TicketArguments) -> store.Ticket:
        return store.Ticket(arguments.title, arguments.body, arguments.priority)

    async def execute(arguments: TicketArguments, ctx: ActionContext) -> dict[str, Any]:
        if config.api_url is None or config.api_key is None:
            return await store.save(ticket_of(arguments), ctx)
        from plugins_app.builtin.ticket import api  # noqa: PLC0415 - httpx is slow to import

        target = api.Target(str(config.api_url), config.api_key, config.timeout_s)
        return await api.post(target, ticket_of(arguments), ctx)

    def preview(arguments: TicketArguments, ctx: ActionContext) -> Preview:
        ticket = ticket_of(arguments)
        return Preview(f"A ticket of priority {ticket.priority}: {ticket.title}")

    def summary(arguments: TicketArguments) -> str:
        return f"Create the ticket “{arguments.title}”"

    repeatable = config.api_url is None or config.api_honors_idempotency_key
    return Action(
        name="createSupportTicket",
        description="Create a support ticket from analysis findings. Needs approval first.",
        arguments=arguments_of(config),
        execute=execute,
        action_type="ticket:create",
        default_approval="manual",
        required_credentials=("api_key",) if config.api_url is not None else (),
        preview=preview,
        delivery="idempotent" if repeatable else "once",
        timeout_s=config.timeout_s + 5,
        verb="Create ticket",
        summary=summary,
        phrases=ActionPhrases(
            verbs=("create", "open", "file", "raise", "log"),
            objects=("ticket", "issue", "task"),
        ),
        data_fields=("body", "title"),
    )


def _health_check(config: Config) -> Any:
    async def health_check() -> HealthResult:
        if config.api_url is None:
            return HealthResult(True, latency_ms=0.0)
        from plugins_app.builtin.ticket import api  # noqa: PLC0415 - httpx is slow to import

        url = str(config.api_url)
        return await measured(lambda: api.probe(url), timeout_s=5)

    return health_check


ticket = create_plugin(config_model=Config, create=build)
