"""The semantic layer's files as the commands need them."""

from django.core.management.base import CommandError

from atlas.datasources.layer_folder import layer_folder
from atlas.env import Environment
from atlas.semantic.layer import SemanticLayer
from atlas.semantic.loader import read_folder


def layer_of(env: Environment, datasource: str) -> SemanticLayer | None:
    """The layer in the files when it describes the datasource; None otherwise.

    Raises LayerError when the folder is there and its files have problems.
    """
    folder = layer_folder(env).path
    if not folder.is_dir():
        return None
    layer = read_folder(folder).layer
    return layer if layer.source.datasource == datasource else None


def needed_layer(env: Environment, datasource: str) -> SemanticLayer:
    """The same for what is of no use without a layer; raises CommandError when there is none."""
    layer = layer_of(env, datasource)
    if layer is None:
        raise CommandError(f"There is no semantic layer for {datasource!r}; draft one first.")
    return layer
