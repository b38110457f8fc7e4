"""Promises about which model answers."""

import datetime as dt
from pathlib import Path

import pytest

from atlas.agent.builtin import BuiltinModel
from atlas.agent.errors import ModelFailed
from atlas.agent.models import model_for
from atlas.agent.scripted import ScriptedModel
from atlas.analyst.answers import Situation
from atlas.env import read
from atlas.semantic.layer import SemanticLayer

SITUATION = Situation(layer=SemanticLayer(), today=dt.date(2026, 5, 7), actions=())


def model(**variables: str) -> object:
    return model_for(read(variables), SITUATION)


def test_the_builtin_analyst_answers_when_no_model_is_named() -> None:
    assert isinstance(model(), BuiltinModel)


def test_a_script_is_played(tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text("[]")

    assert isinstance(model(ATLAS_MODEL=f"scripted:{tmp_path / 'script.json'}"), ScriptedModel)


def test_all_runs_share_the_connections_of_a_language_model() -> None:
    variables = {"ATLAS_MODEL": "openai:m", "ATLAS_MODEL_BASE_URL": "http://127.0.0.1:9/v1"}

    assert model(**variables) is model(**variables)
    assert model(**variables) is not model(**variables, ATLAS_MODEL_API_KEY="other")


def test_a_provider_without_key_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ModelFailed):
            model(ATLAS_MODEL="openai:m")
