"""Promises about ports and addresses, before anything is served."""

import socket
from collections.abc import Iterator

import pytest

from atlas.common.errors import AtlasError
from atlas.serving.server import address_of, bind


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with bind("127.0.0.1", 0) as made:
        yield made


def test_a_free_port_is_taken_for_zero(listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    assert port > 0
    assert address_of(listener) == f"http://127.0.0.1:{port}/"


def test_a_taken_port_is_named_with_a_way_out(listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    with pytest.raises(AtlasError) as taken:
        bind("127.0.0.1", port)

    assert taken.value.code == "port_taken"
    assert f"Port {port} of 127.0.0.1 is taken" in taken.value.user_message
    assert f"PORT={port + 1}" in taken.value.user_message


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_an_address_of_another_machine_is_named(host: str) -> None:
    with pytest.raises(AtlasError, match="is not an address of this machine"):
        bind(host, 0)


def test_listening_everywhere_is_shown_as_this_machine() -> None:
    with bind("0.0.0.0", 0) as made:  # noqa: S104 - the promise is about this address
        assert address_of(made).startswith("http://localhost:")
