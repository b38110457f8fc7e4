"""The folders of semantic YAML that this installation uses."""

from pathlib import Path

from atlas.demo import place
from atlas.env import Environment
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import LoadedLayer, read_folder


def layer_folders(env: Environment) -> list[Path]:
    """The operator's folder and, where the demo is on, the demo's."""
    folders = [env.semantic_dir] if env.semantic_dir is not None else []
    return [*folders, place.SEMANTIC_DIR] if place.is_on(env) else folders


def loaded_layers(env: Environment) -> dict[Path, LoadedLayer]:
    """Every folder's layer; raises LayerError for the first that has problems."""
    return {folder: read_folder(folder) for folder in layer_folders(env)}


def layer_of(env: Environment, datasource: str) -> SemanticLayer | None:
    """The layer that describes a datasource, or None."""
    for loaded in loaded_layers(env).values():
        if loaded.layer.source.datasource == datasource:
            return loaded.layer
    return None
