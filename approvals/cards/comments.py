"""What people say about a request before and after it is decided."""

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.deciding import ballots
from approvals.models import Comment
from approvals.trail import trace
from atlas.accounts.models import User
from atlas.audit.events import AuditEvent
from atlas.common.errors import BadInput, NotAllowed
from atlas.common.jsonable import clean_text

MAX_COMMENT = 2000


def comment(request_id: int, *, by: User, text: str) -> Comment:
    """Add a comment that everybody sees who may see the request.

    Raises `NotFound` for who may not see it, `NotAllowed` for viewers, and `BadInput` for an
    empty text or one above 2,000 characters.
    """
    text = clean_text(text).strip()
    if not text:
        raise BadInput(_("Write what you want to say about the request."))
    if len(text) > MAX_COMMENT:
        raise BadInput(_("The comment is too long. Use at most 2,000 characters."))
    with transaction.atomic():
        request, author = ballots.locked(request_id, by)
        ballots.check_scope(author)
        if not author.may_decide:
            raise NotAllowed(_("Viewers can read requests, but not comment on them."))
        added = Comment.objects.create(
            request=request, author=author, author_name=str(author), text=text
        )
        trace(AuditEvent.REQUEST_COMMENTED, request, actor=author, length=len(text))
        ballots.announce(request)
    return added
