"""The read-only shell over the files of the semantic layer."""

from dataclasses import asdict

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atlas.agent.messages import ToolCall, ToolSpec
from atlas.agent.tools.base import Tool, ToolOutcome, schema_of
from atlas.agent.trust import Given
from atlas.agent.work import Work
from atlas.sandbox.explore import run_explore


class ExploreArguments(BaseModel):
    """One shell command."""

    model_config = ConfigDict(extra="forbid")

    command: str = Field(max_length=2000, description="For example: grep -ri revenue entities")


def explore_tool(work: Work) -> Tool:
    """Return the tool for a run."""

    async def run(call: ToolCall) -> ToolOutcome:
        try:
            command = ExploreArguments.model_validate(call.arguments).command
        except ValidationError as error:
            return ToolOutcome.misfit(error)
        work.given.add(Given.EXPLORED)
        outcome = await run_explore(work.principal, command, root=work.semantic_dir)
        if outcome.error:
            return ToolOutcome.refusal(outcome.error, code=outcome.code)
        return ToolOutcome.of(asdict(outcome))

    return Tool(
        ToolSpec(
            "explore",
            "Read the semantic layer's files with ls, cat, grep, find, head and pipes.",
            schema_of(ExploreArguments),
        ),
        _("Reading definitions"),
        run,
    )
