"""Views that need a role."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from atlas.accounts.models import User
from atlas.accounts.roles import Role

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def role_required(role: Role) -> Callable[[View[P]], View[P]]:
    """Let in whoever has `role` or a higher one; others get 403, or the sign-in page."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            if not user.as_role.reaches(role):
                text = _("This needs the role %(role)s. An admin can change roles.")
                raise PermissionDenied(text % {"role": role.label})
            return view(request, *args, **kwargs)

        return checked

    return decorate
