"""Where the files of the layer are: one answer for the server and for every command."""

from pathlib import Path

import pytest

from atlas import boot
from atlas.datasources.layer_folder import LayerFolder, layer_folder
from atlas.demo import place
from atlas.env import Environment, read


def env_with(tmp_path: Path, config: str = "", **variables: str) -> Environment:
    path = tmp_path / "config.py"
    path.write_text(f"default_datasource = 'shop'\nplugins = []\n{config}")
    return read({"ATLAS_DATA_DIR": str(tmp_path), "ATLAS_CONFIG": str(path)} | variables)


@pytest.mark.parametrize(
    ("config", "variables", "path", "named_by"),
    [
        ("", {}, "semantic", "the default"),
        ("semantic_dir = None", {}, "semantic", "the default"),
        ("semantic_dir = '/file'", {}, "/file", "semantic_dir in {tmp}/config.py"),
        ("semantic_dir = '/file'", {"ATLAS_SEMANTIC_DIR": "/env"}, "/env", "ATLAS_SEMANTIC_DIR"),
        ("", {"ATLAS_SEMANTIC_DIR": "/env"}, "/env", "ATLAS_SEMANTIC_DIR"),
    ],
)
def test_the_first_setting_that_names_it_wins(
    tmp_path: Path, config: str, variables: dict[str, str], path: str, named_by: str
) -> None:
    env = env_with(tmp_path, config, **variables)

    found = layer_folder(env)

    assert found == LayerFolder(Path(path), named_by.format(tmp=tmp_path), "shop")


@pytest.mark.parametrize("variables", [{}, {"ATLAS_SEMANTIC_DIR": "/env"}])
def test_the_server_reads_the_same_folder(tmp_path: Path, variables: dict[str, str]) -> None:
    env = env_with(tmp_path, "semantic_dir = '/file'", **variables)

    started = boot.read_configuration(env)

    assert (started.semantic_dir, started.datasource) == (layer_folder(env).path, "shop")


def test_as_it_comes_the_demos_layer_is_used(tmp_path: Path) -> None:
    found = layer_folder(read({"ATLAS_DATA_DIR": str(tmp_path)}))

    assert found == LayerFolder(place.SEMANTIC_DIR, "semantic_dir in atlas.config", "demo")
