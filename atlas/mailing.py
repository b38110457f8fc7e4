"""Which mail server notices go through: that of the environment, or the demo's outbox."""

import logging

from atlas.common import listening
from atlas.common.errors import AtlasError
from atlas.demo import place
from atlas.demo.outbox import HOST, outbox_port
from atlas.env import Environment
from atlas.notices.mail import MailServer, mail_server

logger = logging.getLogger(__name__)

DEMO_SENDER = "atlas@example.com"
# For the commands beside a running demo.
DEMO_SITE = "http://127.0.0.1:8000"


def configured(env: Environment) -> MailServer | None:
    """The server, or None when notices are off.

    Raises `AtlasError` for values that cannot be used.
    """
    if env.mail_url is not None:
        return mail_server(env.mail_url.get_secret_value(), env.mail_from, _site(env))
    port = outbox_port(place.outbox_dir(env)) if place.is_on(env) else None
    if port is None:
        return None
    site = listening.address() or DEMO_SITE
    return mail_server(f"smtp://{HOST}:{port}", env.mail_from or DEMO_SENDER, site)


def usable(env: Environment) -> MailServer | None:
    """The same for a process that goes on without notices when they are badly configured."""
    try:
        return configured(env)
    except AtlasError as error:
        logger.warning("Notices are off: %s", error.user_message)
        return None


def _site(env: Environment) -> str:
    first_origin = env.origins.partition(",")[0].strip()
    site = env.url or first_origin or listening.address()
    if not site.startswith(("http://", "https://")):
        raise AtlasError(
            "Set ATLAS_URL to the address at which people reach Atlas, such as "
            "https://atlas.example.com; links in notices begin with it.",
            code="mail_site",
        )
    return site
