"""A watch list: an action that puts a subject on it, and context that tells the agent of it."""

from plugins_app.sdk import (
    Action,
    ActionContext,
    ActionPhrases,
    ContextFragment,
    Database,
    Field,
    HealthResult,
    Plugin,
    PluginConfig,
    PluginContext,
    Preview,
    Reject,
    Table,
    create_plugin,
    measured,
)
from pydantic import BaseModel
from pydantic import Field as Option


class Config(PluginConfig):
    """The options of the plugin; an unknown or wrong one is refused before anything starts."""

    title: str = "Watch list"
    forbidden: tuple[str, ...] = ()


class Subject(BaseModel):
    """The arguments of the action, as the card shows them and as they are approved."""

    subject: str = Option(min_length=1, max_length=100, description="What to keep an eye on")


class Watchlist:
    """What the plugin holds while it runs."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.db: Database | None = None

    async def initialize(self, ctx: PluginContext) -> None:
        """Keep the database; it is limited to the tables of this plugin."""
        self.db = ctx.db

    async def load(self) -> ContextFragment:
        """What the agent is told with each question."""
        subjects = [row["subject"] for row in await self._rows()]
        text = f"{self.config.title}: {', '.join(subjects)}" if subjects else ""
        return ContextFragment(text)

    async def preview(self, arguments: Subject, ctx: ActionContext) -> Preview:
        """What the card says beside the arguments; `Reject` refuses them while nothing exists."""
        if arguments.subject in self.config.forbidden:
            raise Reject(f"{arguments.subject} may not be watched.")
        return Preview(f"“{arguments.subject}” joins the {self.config.title.lower()}.")

    async def add(self, arguments: Subject, ctx: ActionContext) -> dict[str, str]:
        """Put the subject on the list; the same key again changes nothing."""
        assert ctx.db is not None
        await ctx.db.execute(
            f"INSERT INTO {ctx.db.table('subjects')} (request_key, subject) VALUES (%s, %s)"
            " ON CONFLICT (request_key) DO NOTHING",
            [ctx.idempotency_key, arguments.subject],
        )
        return {"subject": arguments.subject, "key": ctx.idempotency_key}

    async def remove(self, result: dict[str, str], ctx: ActionContext) -> dict[str, str]:
        """Undo `add`; `result` is what it returned."""
        assert ctx.db is not None
        table = ctx.db.table("subjects")
        await ctx.db.execute(f"DELETE FROM {table} WHERE request_key = %s", [result["key"]])
        return {"removed": result["subject"]}

    async def health_check(self) -> HealthResult:
        """A minimal probe; `measured` times it and turns what it raises into a result."""
        return await measured(self._rows, timeout_s=2)

    async def _rows(self) -> list[dict[str, str]]:
        if self.db is None:
            return []
        table = self.db.table("subjects")
        return await self.db.query(f"SELECT subject FROM {table} ORDER BY created_at LIMIT 20")


def build(config: Config) -> Plugin[Config]:
    """Put the facets together."""
    watchlist = Watchlist(config)
    action = Action(
        name="addToWatchlist",
        description="Put a product, customer or region on the team's watch list.",
        arguments=Subject,
        execute=watchlist.add,
        preview=watchlist.preview,
        roll_back=watchlist.remove,
        reversible=True,
        action_type="watchlist:add",
        delivery="idempotent",
        verb="Add to the watch list",
        phrases=ActionPhrases(verbs=("watch", "add"), objects=("watch list", "watchlist")),
    )
    return Plugin(
        id="watchlist",
        types=("action", "context"),
        version="1.0.0",
        name="Watch list",
        config=config,
        actions=(action,),
        context_provider=watchlist,
        schema={
            "subjects": Table(
                {
                    "request_key": Field("string", required=True, unique=True),
                    "subject": Field("string", required=True),
                }
            )
        },
        initialize=watchlist.initialize,
        health_check=watchlist.health_check,
    )


watchlist = create_plugin(config_model=Config, create=build)
