"""Actions are found by name, bound to a fingerprint, and report their outcome honestly."""

import asyncio

import pytest
from pydantic import BaseModel, Field

from plugins_app.host.errors import ActionDidNotHappen, ActionOutcomeUnknown, PluginUnavailable
from plugins_app.host.facets import actions
from plugins_app.sdk import (
    Action,
    ActionFailed,
    Attachment,
    MissingDriverError,
    OutcomeUnknown,
    Plugin,
    PluginConfig,
    Preview,
    Reconciled,
    Reject,
)


class Arguments(BaseModel):
    title: str = Field(max_length=200)


class Longer(BaseModel):
    title: str = Field(max_length=300)


class Config(PluginConfig):
    api_key: str = "canary-7f3a91"
    empty: str = ""


def action(**changes):
    given = {
        "name": "createThing",
        "description": "Create a thing",
        "arguments": Arguments,
        "execute": lambda args, ctx: {"made": args.title},
        "action_type": "thing:create",
        "verb": "Create thing",
    }
    return Action(**(given | changes))


def plugin(*acts, plugin_id="things", version="1.2.3"):
    return Plugin(
        id=plugin_id,
        types=("action",),
        version=version,
        name="Things",
        config=Config(),
        actions=acts,
    )


def only(registered, **changes):
    registered(plugin(action(**changes)))
    return actions.find("createThing")


def context(found, **changes):
    given = {"idempotency_key": "k", "request_id": "7", "requester_name": "ann"}
    return actions.context(found, **(given | changes))


async def run(found):
    return await actions.execute(found, Arguments(title="Chai"), context(found))


async def test_actions_are_listed_and_found_by_name(registered):
    registered(plugin(action(), action(name="other")))
    assert [one.spec.name for one in actions.registered()] == ["createThing", "other"]
    found = actions.find("other")
    assert (found.plugin_id, found.plugin_version) == ("things", "1.2.3")
    assert actions.find("nothing") is None


async def test_a_disabled_plugin_offers_no_action_at_once(registered):
    (entry,) = registered(plugin(action()))
    found = actions.find("createThing")
    ctx = context(found)
    entry.enabled = False
    assert actions.registered() == []
    with pytest.raises(PluginUnavailable, match="“Things” is not available now; nothing was done"):
        await actions.execute(found, Arguments(title="x"), ctx)


async def test_the_first_of_two_actions_with_one_name_counts(registered, caplog):
    registered(plugin(action(), plugin_id="a"), plugin(action(), plugin_id="b"))
    assert [one.plugin_id for one in actions.registered()] == ["a"]
    assert "Plugin b: the action createThing exists already" in caplog.text


def test_the_fingerprint_is_a_sha256_that_stays_the_same():
    first = actions.fingerprint(plugin(), action())
    assert len(first) == 64
    assert first == actions.fingerprint(plugin(version="1.9.0"), action(description="Other"))


@pytest.mark.parametrize(
    ("version", "changes"),
    [("2.0.0", {}), ("1.2.3", {"arguments": Longer}), ("1.2.3", {"delivery": "idempotent"})],
)
def test_the_fingerprint_changes_with_the_contract(version, changes):
    before = actions.fingerprint(plugin(), action())
    assert actions.fingerprint(plugin(version=version), action(**changes)) != before


async def test_execute_returns_json_safe_results(registered):
    assert await run(only(registered)) == {"made": "Chai"}


@pytest.mark.parametrize(
    ("result", "shown"), [(None, {}), (7, {"value": 7}), ({"at": {1}}, {"at": [1]})]
)
async def test_a_strange_result_does_not_undo_what_happened(registered, result, shown):
    assert await run(only(registered, execute=lambda args, ctx: result)) == shown


async def test_execute_passes_the_context_through(registered):
    seen = []
    found = only(registered, execute=lambda args, ctx: seen.append(ctx))
    csv = Attachment("top.csv", "text/csv", b"a\n1\n")
    await actions.execute(found, Arguments(title="x"), context(found, attachments=(csv,)))
    (ctx,) = seen
    assert (ctx.idempotency_key, ctx.request_id, ctx.requester_name) == ("k", "7", "ann")
    assert ctx.attachments == (csv,)


def raising(error):
    def execute(args, ctx):
        raise error

    return execute


async def hang(args, ctx):
    await asyncio.Event().wait()


NOTHING_HAPPENED = [
    (ActionFailed("The server refused."), "The server refused."),
    (Reject("Not to this domain."), "Not to this domain."),
    (MissingDriverError("Install httpx."), "Install httpx."),
    (ActionFailed("The key canary-7f3a91 is wrong."), "The key [hidden] is wrong."),
]


@pytest.mark.parametrize(("error", "message"), NOTHING_HAPPENED)
async def test_a_certain_failure_is_a_failure(registered, error, message):
    found = only(registered, execute=raising(error))
    with pytest.raises(ActionDidNotHappen) as caught:
        await run(found)
    assert caught.value.user_message == message


UNCLEAR = [
    (OutcomeUnknown("The reply was lost."), "The plugin “Things” failed: The reply was lost."),
    (RuntimeError("boom"), "The plugin “Things” failed: boom"),
    (SystemExit(1), "The plugin “Things” failed: 1"),
]


@pytest.mark.parametrize(("error", "message"), UNCLEAR)
async def test_anything_else_leaves_the_outcome_unknown(registered, error, message):
    found = only(registered, execute=raising(error))
    with pytest.raises(ActionOutcomeUnknown) as caught:
        await run(found)
    assert caught.value.user_message == message


async def test_a_timeout_leaves_the_outcome_unknown(registered):
    found = only(registered, execute=hang, timeout_s=0.02)
    with pytest.raises(ActionOutcomeUnknown, match="did not answer within"):
        await run(found)


async def test_preview_shows_what_would_happen(registered):
    shown = Preview("To ann", ("large",))
    found = only(registered, preview=lambda args, ctx: shown)
    assert await actions.preview(found, Arguments(title="x"), context(found)) == shown


async def test_preview_may_refuse(registered):
    found = only(registered, preview=raising(Reject("Not to this domain.")))
    with pytest.raises(ActionDidNotHappen, match="Not to this domain"):
        await actions.preview(found, Arguments(title="x"), context(found))


@pytest.mark.parametrize("broken", [None, raising(ValueError("x")), lambda args, ctx: "text"])
async def test_an_action_without_a_good_preview_shows_its_summary(registered, broken):
    found = only(registered, preview=broken, summary=lambda args: f"Make {args.title}")
    assert await actions.preview(found, Arguments(title="x"), context(found)) == Preview("Make x")


@pytest.mark.parametrize("broken", [None, lambda args: 7, lambda args: " ", lambda args: 1 / 0])
async def test_an_action_without_a_good_summary_shows_its_button_text(registered, broken):
    found = only(registered, summary=broken)
    assert await actions.summary(found, Arguments(title="x")) == "Create thing"


async def test_roll_back_gets_the_result(registered):
    found = only(registered, reversible=True, roll_back=lambda result, ctx: {"undone": result["n"]})
    assert await actions.roll_back(found, {"n": 1}, context(found)) == {"undone": 1}


async def test_what_cannot_be_rolled_back_did_not_happen(registered):
    found = only(registered)
    with pytest.raises(ActionDidNotHappen, match="cannot be rolled back"):
        await actions.roll_back(found, {}, context(found))


@pytest.mark.parametrize(
    ("ask", "outcome"),
    [
        (lambda args, ctx: Reconciled("executed"), "executed"),
        (lambda args, ctx: "executed", "unknown"),
        (raising(ValueError("x")), "unknown"),
        (None, "unknown"),
    ],
)
async def test_reconcile_is_unknown_unless_it_is_certain(registered, ask, outcome):
    found = only(registered, reconcile=ask)
    answer = await actions.reconcile(found, Arguments(title="x"), context(found))
    assert answer.outcome == outcome


@pytest.mark.parametrize(
    ("required", "variables", "missing"),
    [
        (("api_key",), (), []),
        (("empty",), (), ["empty"]),
        (("SMTP_KEY",), (), ["SMTP_KEY"]),
        (("SMTP_KEY", "empty"), ("SMTP_KEY",), ["empty"]),
    ],
)
def test_missing_credentials_are_options_or_variables(required, variables, missing):
    one = plugin(action(required_credentials=required))
    assert actions.missing_credentials(one, variables) == missing
