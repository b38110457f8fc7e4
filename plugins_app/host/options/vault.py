"""Encrypts the secrets of stored plugin configuration, with keys that can be rotated."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.env import environment
from atlas.runtime.secrets import load_secrets


class SecretUnreadable(AtlasError):
    """A stored secret was encrypted with a key that is not known here."""

    code = "secret_unreadable"


def encrypt(text: str) -> str:
    """Return the text encrypted with the first key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text; raises `SecretUnreadable` when no key fits."""
    try:
        return _keys().decrypt(token.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable(
            _("A stored secret cannot be read with the keys of this process. Enter it again.")
        ) from None


def rotated(token: str) -> str:
    """Return a token encrypted anew with the first key."""
    return encrypt(decrypt(token))


def _keys() -> MultiFernet:
    """The first key encrypts, each one decrypts; without the variable the data folder's own."""
    env = environment()
    if env.encryption_keys is None:
        return MultiFernet([Fernet(load_secrets(env.data_dir).encryption_key)])
    listed = env.encryption_keys.get_secret_value().split(",")
    try:
        return MultiFernet([Fernet(key.strip()) for key in listed if key.strip()])
    except ValueError:
        raise SecretUnreadable(
            _("ATLAS_ENCRYPTION_KEYS must list keys of 32 bytes in URL-safe base64.")
        ) from None
