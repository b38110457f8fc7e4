"""Which handshakes are taken: every part of an origin counts."""

import pytest

from atlas.chat.origins import is_allowed

HTTPS = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
def ours(settings):
    settings.ALLOWED_HOSTS = ["atlas.example.com", "127.0.0.1", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://front.example.com"]
    settings.SECURE_PROXY_SSL_HEADER = None
    return settings


def asked(origin, host="127.0.0.1:8000", scheme="ws", **headers):
    sent = {b"host": host, **{name.encode(): value for name, value in headers.items()}}
    if origin is not None:
        sent[b"origin"] = origin
    return is_allowed(sent, {"scheme": scheme})


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "allowed"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "ws", True),
        ("http://127.0.0.1:9000", "127.0.0.1:8000", "ws", False),
        ("https://127.0.0.1:8000", "127.0.0.1:8000", "ws", False),
        ("http://localhost:8000", "127.0.0.1:8000", "ws", False),
        ("https://atlas.example.com", "atlas.example.com", "wss", True),
        ("HTTPS://Atlas.Example.com", "atlas.example.com", "wss", True),
        ("http://atlas.example.com", "atlas.example.com", "wss", False),
        ("https://atlas.example.com.evil.test", "atlas.example.com", "wss", False),
        ("https://evil.test", "evil.test", "wss", False),
        ("http://[::1]:8000", "[::1]:8000", "ws", True),
        ("https://front.example.com", "atlas.example.com", "wss", True),
        ("http://front.example.com", "atlas.example.com", "wss", False),
        ("null", "127.0.0.1:8000", "ws", False),
        ("", "127.0.0.1:8000", "ws", False),
        ("http://", "", "ws", False),
    ],
)
def test_origins(ours, origin, host, scheme, allowed):
    assert asked(origin, host, scheme) is allowed


@pytest.mark.parametrize(("said", "allowed"), [("https", True), ("http", False), ("", False)])
def test_the_scheme_behind_a_proxy_is_what_it_says(ours, said, allowed):
    ours.SECURE_PROXY_SSL_HEADER = HTTPS
    found = asked("https://atlas.example.com", "atlas.example.com", **{"x-forwarded-proto": said})
    assert found is allowed


def test_without_an_origin_only_a_key_opens_a_socket(ours):
    assert asked(None) is False
    assert asked(None, authorization="Bearer atl_key") is True
    assert asked("http://127.0.0.1:9000", authorization="Bearer atl_key") is False
