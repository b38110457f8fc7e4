"""The one answer to where the files of the semantic layer are."""

from dataclasses import dataclass
from pathlib import Path

from atlas.env import Environment
from plugins_app.host import loading

DEFAULT = Path("semantic")


@dataclass(frozen=True)
class LayerFolder:
    """The folder, which setting named it, and the datasource that questions are asked of."""

    path: Path
    named_by: str
    datasource: str


def layer_folder(env: Environment) -> LayerFolder:
    """The folder of the server and of every command.

    ATLAS_SEMANTIC_DIR comes first, then `semantic_dir` of the operator's file, then ./semantic.
    Raises StartBlocked when the operator's file cannot be read.
    """
    module = loading.read_config(env.config)
    datasource = str(getattr(module, "default_datasource", ""))
    if env.semantic_dir is not None:
        return LayerFolder(env.semantic_dir, "ATLAS_SEMANTIC_DIR", datasource)
    named = getattr(module, "semantic_dir", None)
    if named is not None:
        return LayerFolder(Path(named), f"semantic_dir in {env.config}", datasource)
    return LayerFolder(DEFAULT, "the default", datasource)
