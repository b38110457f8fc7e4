"""The page of a plugin tells which requests still need it, also while it is switched off."""

from plugins_app.host import registry
from plugins_app.host.uses import uses
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
