"""The email plugin: configuration, arguments and the one action."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from plugins_app.reference.email import smtp
from plugins_app.sdk import (
    Action,
    ActionContext,
    ActionPhrases,
    HealthResult,
    Plugin,
    PluginConfig,
    Preview,
    Reject,
    create_plugin,
    measured,
)

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class Config(PluginConfig):
    """The mail server, the sender, and the only domains that may receive mail."""

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65_535)
    sender: str
    allowed_domains: tuple[str, ...] = Field(min_length=1)
    starttls: bool = True
    username: str = ""
    password: SecretStr = SecretStr("")
    timeout_s: float = Field(default=15.0, gt=0, le=120)

    @field_validator("sender")
    @classmethod
    def is_address(cls, sender: str) -> str:
        """Refuse what is no plain address."""
        return _address(sender)

    @field_validator("allowed_domains")
    @classmethod
    def are_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        """Compare domains in lower case, and refuse patterns."""
        lowered = tuple(domain.strip().lower() for domain in domains)
        if not all(DOMAIN.fullmatch(domain) for domain in lowered):
            raise ValueError("must hold plain domains such as example.com")
        return lowered


class EmailArguments(BaseModel):
    """The message the asker wants to be sent."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    to: list[str] = Field(min_length=1, max_length=20, description="Addresses of the recipients")
    subject: str = Field(min_length=1, max_length=200, description="Subject line")
    body: str = Field(default="", max_length=50_000, description="Plain text of the message")

    @field_validator("to", mode="before")
    @classmethod
    def split(cls, to: Any) -> Any:
        """Accept addresses in one text, separated by commas or semicolons."""
        return re.split(r"[,;]\s*", to.strip(" ,;")) if isinstance(to, str) else to

    @field_validator("to")
    @classmethod
    def are_addresses(cls, to: list[str]) -> list[str]:
        """Refuse what is no plain address."""
        return [_address(one) for one in to]

    @field_validator("subject")
    @classmethod
    def is_one_line(cls, subject: str) -> str:
        """Refuse line breaks, which would start another header."""
        if CONTROL.search(subject):
            raise ValueError("must be one line")
        return subject


def build(config: Config) -> Plugin[Config]:
    """Return the plugin."""
    server = smtp.Server(
        config.host,
        config.port,
        config.starttls,
        config.username,
        config.password,
        config.timeout_s,
    )

    async def health_check() -> HealthResult:
        return await measured(lambda: smtp.probe(server), timeout_s=5)

    return Plugin(
        id="email",
        types=("action",),
        version="1.0.0",
        name="Email",
        config=config,
        actions=(_action(config, server),),
        health_check=health_check,
    )


def _action(config: Config, server: smtp.Server) -> Action[EmailArguments]:
    def execute(arguments: EmailArguments, ctx: ActionContext) -> dict[str, Any]:
        _refuse_other_domains(arguments, config)
        text = smtp.Text(config.sender, tuple(arguments.to), arguments.subject, arguments.body)
        return smtp.send(server, smtp.message(text, ctx))

    def preview(arguments: EmailArguments, ctx: ActionContext) -> Preview:
        _refuse_other_domains(arguments, config)
        files = ", ".join(attachment.name for attachment in ctx.attachments)
        attached = f", with {files}" if files else ""
        return Preview(f"From {config.sender} to {', '.join(arguments.to)}{attached}")

    def summary(arguments: EmailArguments) -> str:
        return f"Send “{arguments.subject}” to {', '.join(arguments.to)}"

    return Action(
        name="sendEmail",
        description="Send a plain text email, with a result attached as CSV. Needs approval first.",
        arguments=EmailArguments,
        execute=execute,
        action_type="email:send",
        default_approval="admin-only",
        required_credentials=("password",) if config.username else (),
        preview=preview,
        delivery="once",
        timeout_s=config.timeout_s * 2 + 5,
        verb="Send email",
        summary=summary,
        phrases=ActionPhrases(
            verbs=("send", "email", "mail"), objects=("email", "mail", "message")
        ),
        data_fields=("body", "subject"),
    )


def _refuse_other_domains(arguments: EmailArguments, config: Config) -> None:
    for address in arguments.to:
        domain = address.rpartition("@")[2].lower()
        if domain not in config.allowed_domains:
            allowed = ", ".join(config.allowed_domains)
            raise Reject(f"Mail to {domain} is not allowed. Allowed are: {allowed}.")


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text.strip()):
        raise ValueError("must hold plain addresses such as name@example.com")
    return text.strip()


email = create_plugin(config_model=Config, create=build)
