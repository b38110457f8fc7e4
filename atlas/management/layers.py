"""The semantic layer's files as the commands need them."""

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
