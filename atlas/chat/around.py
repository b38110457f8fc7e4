"""What stands around a conversation on a page: a stop order, the composer, who takes part."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from approvals.halting import in_force
from atlas.accounts.models import User
from atlas.chat.facts import Reader


def render_halt(user: User) -> SafeString:
    """The order that stops everything, or its empty place, in place of what the page has."""
    return _drawn("ui/_halt.html", {"shell": {"halt": in_force()}, "user": user})


def render_composer(reader: Reader, stop: SafeString) -> SafeString:
    """The foot of a conversation for who may not ask any more, or may only now."""
    context = {"may_ask": False, "is_let_in": reader.may_ask, "stop": stop, "reader": reader}
    return _drawn("chat/_composer.html", context)


def render_people_news() -> SafeString:
    """What makes an open list of people read itself again."""
    return _drawn("chat/_people_news.html", {})


def _drawn(template: str, context: dict[str, object]) -> SafeString:
    return render_to_string(template, {**context, "swapped": True})
