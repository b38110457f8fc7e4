"""Claims: what an admin writes down about a person for row policies to compare rows with."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The installation knows these by itself. An email address is none of them: people change theirs.
BUILT_IN = ("username", "user_id", "role")

MAX_CHARACTERS = 20_000


def check_claims(claims: object) -> None:
    """Raise ValidationError unless this is an object whose names are its own."""
    if not isinstance(claims, dict):
        raise ValidationError(_("Claims are a JSON object, such as {“tenant”: “acme”}."))
    taken = [name for name in BUILT_IN if name in claims]
    if taken:
        raise ValidationError(
            _("“%(name)s” is known already and cannot be set; choose another name.")
            % {"name": taken[0]}
        )
    if len(str(claims)) > MAX_CHARACTERS:
        raise ValidationError(_("These are too many claims; shorten the lists."))
