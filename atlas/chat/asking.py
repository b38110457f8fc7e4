"""Takes a question from a page or a socket, within what one person may have running."""

from uuid import UUID

from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.common.errors import AtlasError
from atlas.conversations import services
from atlas.conversations.models import Run

MAX_RUNNING = 3


class TooManyError(AtlasError):
    """The person has as many questions running as one may have; nothing was changed."""

    code = "too_many_running"


def ask(user: User, text: str, *, conversation_id: UUID | None) -> Run:
    """Ask; raises `TooManyError` besides what `conversations.services.ask` raises."""
    if Run.objects.unfinished().filter(asked_by=user).count() >= MAX_RUNNING:
        raise TooManyError(
            _("Three of your questions are being answered. Wait for one, or stop it.")
        )
    return services.ask(user, text, conversation_id=conversation_id)
