"""How people who decide are named."""

from django.utils.translation import gettext as _


def decider_name(name: str, for_name: str = "") -> str:
    """The name of who decided or may, with that of the colleague for whom it is."""
    return _("%(name)s for %(other)s") % {"name": name, "other": for_name} if for_name else name
