"""A model that plays a script: for tests of everything around a model."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from atlas.agent.errors import ModelFailed
from atlas.agent.messages import (
    ModelEvent,
    ModelSaid,
    Prompt,
    RecordsSaid,
    TextDelta,
    ToolCall,
    UserSaid,
)


class ScriptedCall(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, object] = Field(default_factory=dict)


class ScriptedTurn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = ""
    calls: list[ScriptedCall] = Field(default_factory=list)


class Scene(BaseModel):
    """What is said to questions that `match` finds, turn by turn; `pace_ms` between words."""

    model_config = ConfigDict(extra="forbid")

    match: str
    turns: list[ScriptedTurn]
    pace_ms: float = 0


class ScriptedModel:
    """Plays the first scene that fits the last thing a person said."""

    name = "scripted"
    repeatable = True

    def __init__(self, script: Path) -> None:
        data = json.loads(script.read_text())
        self._scenes = [Scene.model_validate(scene) for scene in data]

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Play the next turn; raises `ModelFailed` when no scene fits."""
        asked, turns = "", 0
        for message in prompt.messages:
            if isinstance(message, UserSaid | RecordsSaid):
                asked = message.text if isinstance(message, UserSaid) else message.marked
                turns = 0
            elif isinstance(message, ModelSaid):
                turns += 1
        scene = next((s for s in self._scenes if re.search(s.match, asked)), None)
        if scene is None:
            raise ModelFailed("The script has no scene for this question.", retryable=False)
        if turns >= len(scene.turns):
            return
        turn = scene.turns[turns]
        for word in re.findall(r"\S+\s*|\s+", turn.text):
            yield TextDelta(word)
            await asyncio.sleep(scene.pace_ms / 1000)
        for place, call in enumerate(turn.calls):
            yield ToolCall(f"call-{turns}-{place}", call.name, dict(call.arguments))
