"""The page of a plugin tells which requests still need it, also while it is switched off."""

from django.utils import timezone

from plugins_app.host import registry
from plugins_app.host.models import PluginState
from plugins_app.host.uses import uses, uses_of
from tests.approvals.desk import approve, propose, reject


def test_open_requests_of_its_actions_are_counted(run_of_ann, ann):
    first, second = propose(run_of_ann), propose(run_of_ann, title="Restock Tofu", call="call-2")
    desk = registry.current().get("desk")
    assert "2 requests of its actions that are not done." in uses(desk)
    desk.enabled = False
    assert uses(desk) == ["2 requests of its actions that are not done."]
    approve(first, ann)
    assert uses(desk) == ["2 requests of its actions that are not done."]
    reject(second, ann)
    assert uses(desk) == ["1 request of its actions that is not done."]


def test_they_are_counted_at_once_for_all_plugins(run_of_ann, django_assert_num_queries):
    propose(run_of_ann)
    desk = registry.current().get("desk")
    with django_assert_num_queries(1):
        found = uses_of([desk, desk])
    assert "1 request of its actions that is not done." in found["desk"]


def test_the_list_of_plugins_says_so(run_of_ann, client, ada):
    propose(run_of_ann)
    now = timezone.now()
    for process in ("web", "worker"):
        PluginState.objects.create(plugin_id="desk", process=process, since=now, seen_at=now)
    client.force_login(ada)
    page = client.get("/admin/plugins/pluginstate/").content.decode()
    assert page.count("1 request of its actions that is not done.") == 2
