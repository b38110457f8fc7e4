"""Which model answers: the configured one, or the built-in analyst."""

import functools
from pathlib import Path

from atlas.agent.builtin import BuiltinModel
from atlas.agent.messages import Model
from atlas.agent.scripted import ScriptedModel
from atlas.analyst.answers import Situation
from atlas.env import Environment


def model_for(env: Environment, situation: Situation) -> Model:
    """Return the model that `ATLAS_MODEL` names; raises `ModelFailed` for an unknown one."""
    kind, _colon, name = env.model.partition(":")
    if kind == "builtin":
        return BuiltinModel(situation, env.builtin_pace_ms / 1000)
    if kind == "scripted":
        return ScriptedModel(Path(name))
    key = env.model_api_key.get_secret_value() if env.model_api_key else None
    return _language_model(kind, name, env.model_base_url, key)


@functools.cache
def _language_model(kind: str, name: str, base_url: str | None, key: str | None) -> Model:
    """One for all runs of the process, so that they share its connections."""
    from atlas.agent.model import language_model  # noqa: PLC0415 - slow; needed only with a provider

    return language_model(kind, name, base_url=base_url, api_key=key)
