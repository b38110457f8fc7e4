"""Requests in admin: read by admins, changed by nobody."""

import pytest
from django.contrib.admin import site
from django.test import RequestFactory

from approvals.admin import ActionRequestAdmin, VoteInline
from approvals.models import ActionRequest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["ada", "ann", "vic"])
def test_history_is_only_read(request, name):
    http = RequestFactory().get("/")
    http.user = request.getfixturevalue(name)

    for made in (ActionRequestAdmin(ActionRequest, site), VoteInline(ActionRequest, site)):
        assert made.has_view_permission(http) is (name == "ada")
        assert not made.has_add_permission(http)
        assert not made.has_change_permission(http)
        assert not made.has_delete_permission(http)
