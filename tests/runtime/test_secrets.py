"""Promises of the generated keys: made once, private, the same for everybody."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from atlas.runtime.errors import FolderUnusable, SecretsBroken
from atlas.runtime.secrets import load_secrets

READ = """
import sys, pathlib
from atlas.runtime.secrets import load_secrets
keys = load_secrets(pathlib.Path(sys.argv[1]))
print(keys.secret_key, keys.encryption_key, keys.password("ann"))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_and_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    load_secrets(tmp_path / "data")

    assert mode(tmp_path / "data") == 0o700
    assert mode(tmp_path / "data" / "secrets.json") == 0o600


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)

    load_secrets(tmp_path / "data")

    assert mode(tmp_path / "data") == 0o700


def test_keys_stay_the_same(tmp_path: Path) -> None:
    assert load_secrets(tmp_path) == load_secrets(tmp_path)


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    one, other = load_secrets(tmp_path / "one"), load_secrets(tmp_path / "other")

    assert one.secret_key != other.secret_key
    assert one.encryption_key != other.encryption_key
    assert one.password("atlas_app") != other.password("atlas_app")
    assert one.cluster_name != other.cluster_name


def test_each_login_has_its_own_password(tmp_path: Path) -> None:
    keys = load_secrets(tmp_path)

    assert keys.password("atlas_app") == keys.password("atlas_app")
    assert keys.password("atlas_app") != keys.password("atlas_owner")


def test_the_encryption_key_encrypts(tmp_path: Path) -> None:
    box = Fernet(load_secrets(tmp_path).encryption_key)

    assert box.decrypt(box.encrypt(b"hello")) == b"hello"


def test_no_key_is_shown_in_a_log(tmp_path: Path) -> None:
    keys = load_secrets(tmp_path)

    assert keys.secret_key not in repr(keys)
    assert keys.encryption_key not in repr(keys)


@pytest.mark.processes
def test_processes_that_start_together_get_the_same_keys(tmp_path, spawn) -> None:
    processes = [spawn(READ, tmp_path / "data") for _ in range(4)]

    outputs = {process.communicate()[0] for process in processes}

    assert len(outputs) == 1
    assert len(outputs.pop().split()) == 3


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"secret_key": "x"}', json.dumps({"secret_key": 1})],
)
def test_a_damaged_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)

    with pytest.raises(SecretsBroken, match="Restore it from a backup"):
        load_secrets(tmp_path)

    assert path.read_text() == content


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(FolderUnusable, match="it is not a folder"):
        load_secrets(tmp_path / "data")
