"""Which model answers: the configured one, or the built-in analyst."""

from pathlib import Path

from django.utils.translation import gettext as _

from atlas.agent.builtin import BuiltinModel
from atlas.agent.errors import ModelFailed
from atlas.agent.messages import Model
from atlas.agent.scripted import ScriptedModel
from atlas.analyst.answers import Situation
from atlas.env import Environment


def model_for(env: Environment, situation: Situation) -> Model:
    """Return the model that `ATLAS_MODEL` names; raises `ModelFailed` for an unknown one."""
    kind, _colon, name = env.model.partition(":")
    if kind == "builtin":
        return BuiltinModel(situation)
    if kind == "scripted":
        return ScriptedModel(Path(name))
    raise ModelFailed(
        _("ATLAS_MODEL=%(model)s is not known. Use builtin.") % {"model": env.model},
        retryable=False,
    )
