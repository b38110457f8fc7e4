"""What the templates of approval cards need."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()

ONE_MINUTE = timedelta(minutes=1)


@register.filter
def ago(moment: datetime) -> str:
    """Tell how long ago `moment` was, in its largest unit."""
    if timezone.now() - moment < ONE_MINUTE:
        return _("just now")
    return _("%(span)s ago") % {"span": timesince(moment, depth=1)}
