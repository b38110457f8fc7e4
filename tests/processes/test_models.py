"""Promises to people whatever model answers: builtin, a script, and two providers' real clients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from approvals.models import ActionRequest
from atlas.conversations.models import Run
from tests.fakes.provider import Fault, Provider, serving
from tests.fakes.said import Heard
from tests.fakes.ticket_api import BROKEN, REFUSED, TicketApi, ticket_api
from tests.processes import analyst
from tests.processes.conftest import SignIn
from tests.processes.fleet import Fleet
from tests.processes.people import Person, Socket

pytestmark = pytest.mark.processes

# More refusals than the clients' own retries: the first try and two more.
TRIES = 3
TICKET = "Create a ticket to restock Chai"


@dataclass
class Setting:
    """How a server is told to use a model, and the provider that it then asks."""

    kind: str
    variables: dict[str, str] = field(default_factory=dict)
    provider: Provider | None = None


@pytest.fixture
def setting(request: pytest.FixtureRequest, fleet: Fleet) -> Iterator[Setting]:
    kind: str = request.param
    if kind == "builtin":
        yield Setting(kind)
    elif kind == "scripted":
        yield Setting(kind, {"ATLAS_MODEL": analyst.write_script(fleet.folder)})
    else:
        with serving(kind, analyst.answer) as provider:
            variables = {"ATLAS_MODEL": f"{kind}:m", "ATLAS_MODEL_BASE_URL": provider.base_url}
            yield Setting(kind, variables, provider)


def ask(socket: Socket, text: str, conversation: str | None) -> tuple[str, str]:
    """Ask and read to the end; returns run and conversation."""
    started = socket.ask(text, conversation)
    assert socket.end_of(started["run"])["kind"] == "done"
    return started["run"], started["conversation"]


def proposed(socket: Socket, run: str) -> int:
    (request,) = socket.events(run, "request")
    number: int = request["payload"]["request_id"]
    socket.until(lambda: "pending" in socket.statuses(number))
    return number


def follow_up(socket: Socket) -> str:
    """The text of the next run, which nobody asked for."""
    run = socket.wait(lambda frame: frame["type"] == "run")["run"]
    assert socket.end_of(run)["kind"] == "done"
    return socket.text(run)


@pytest.fixture
def tickets(fleet: Fleet) -> Iterator[TicketApi]:
    """A ticket system behind the fleet's ticket plugin, one that does not know its keys again."""
    with ticket_api() as api:
        options = f"api_url={api.url!r}, api_key='k', api_honors_idempotency_key=False"
        config = fleet.folder / "config.py"
        config.write_text(config.read_text().replace("ticket(),", f"ticket({options}),"))
        yield api


@pytest.mark.parametrize("setting", ["builtin", "scripted", "openai", "anthropic"], indirect=True)
def test_a_question_is_answered_and_what_became_of_tickets_is_told(
    setting: Setting, fleet: Fleet, sign_in: SignIn, shop_url: str, tickets: TicketApi
) -> None:
    ann = sign_in("ann", fleet.start(**setting.variables).address)
    with ann.socket() as socket:
        run, conversation = ask(socket, analyst.BY_MONTH, None)
        a_question_is_answered(setting, socket, run, shop_url)

        for product, (decide, status, told) in OUTCOMES.items():
            ticket, _same = ask(socket, f"Create a ticket to restock {product}", conversation)
            number = proposed(socket, ticket)
            decide(ann, number)
            said = follow_up(socket)
            assert told in said
            assert ActionRequest.objects.get(pk=number).status == status

    assert tickets.titles == ["Restock Chai", "Restock Ikura today", "Restock Tofu"]
    if setting.provider is not None:
        the_model_was_told_its_results(setting.provider)


def changed(ann: Person, number: int) -> None:
    ann.decide(
        "change",
        number,
        **{"argument-title": "Restock Ikura today", "argument-body": "", "argument-priority": ""},
    )


Decide = Callable[[Person, int], None]
# How each proposal is decided, how it ends, and what the next run says of it, whatever the model.
OUTCOMES: dict[str, tuple[Decide, str, str]] = {
    "Chai": (
        lambda ann, number: ann.decide("approve", number),
        "executed",
        analyst.DONE,
    ),
    "Chang": (
        lambda ann, number: ann.decide("reject", number, reason="The shelf is full"),
        "rejected",
        analyst.REJECTED,
    ),
    "Ikura": (changed, "superseded", analyst.CHANGED),
    REFUSED: (
        lambda ann, number: ann.decide("approve", number),
        "failed",
        analyst.FAILED,
    ),
    BROKEN: (
        lambda ann, number: ann.decide("approve", number),
        "unknown",
        analyst.UNKNOWN,
    ),
}


def a_question_is_answered(setting: Setting, socket: Socket, run: str, shop_url: str) -> None:
    name = "query_metrics" if setting.kind == "builtin" else "execute_sql"
    steps = [frame["payload"] for frame in socket.events(run, "step")]
    states = [step["state"] for step in steps if step["name"] == name]
    assert states == ["started", "done"]
    (result,) = [frame["payload"] for frame in socket.events(run, "result")]
    assert "SELECT" in result["sql"]
    assert result["row_count"] >= 1
    if setting.provider is not None:
        with psycopg.connect(shop_url) as shop:
            counted = shop.execute("SELECT count(*) FROM orders").fetchone()
        assert counted is not None
        assert f"There are {counted[0]} orders" in socket.text(run)
    seqs = [frame["seq"] for frame in socket.events(run)]
    assert seqs == sorted(set(seqs))
    assert Run.objects.get(pk=run).answer.text == socket.text(run) != ""


def the_model_was_told_its_results(provider: Provider) -> None:
    heard = [message for body in provider.bodies for message in provider.protocol.heard(body)]
    calls = [call for message in heard for call in message.calls]
    assert {call.name for call in calls} == {"execute_sql"}
    told = {message.call_id for message in heard if message.role == "tool"}
    assert told == {call.id for call in calls}
    assert heard[0].role == "system"
    assert '<data source="glossary">' in heard[0].text


@pytest.mark.parametrize("setting", ["openai", "anthropic"], indirect=True)
def test_a_provider_that_fails_ends_the_run_with_a_sentence_and_it_goes_on(
    setting: Setting, fleet: Fleet, sign_in: SignIn
) -> None:
    assert setting.provider is not None
    ann = sign_in("ann", fleet.start(**setting.variables).address)
    with ann.socket() as socket:
        goes_on(setting.provider, socket, [Fault(429, retry_after_s=0.01)] * TRIES, "rate_limit")
        goes_on(setting.provider, socket, [Fault(500, retry_after_s=0.01)] * TRIES, "failed")
        one_refusal_is_not_even_seen(setting.provider, socket)


def goes_on(provider: Provider, socket: Socket, faults: list[Fault], code: str) -> None:
    """Faults end the run, and after a click the answer is there."""
    provider.faults.extend(faults)
    started = socket.ask(analyst.BY_MONTH)
    end = socket.end_of(started["run"])
    assert (end["kind"], end["payload"]["code"]) == ("failed", f"model_{code}")
    assert end["payload"]["message"].endswith(".")
    assert "secret" not in str(socket.frames)
    assert not provider.faults

    socket.send(type="continue", run=started["run"])
    again = socket.wait(lambda frame: frame["type"] == "run")["run"]
    assert socket.end_of(again)["kind"] == "done"
    assert socket.text(started["run"], again).startswith(analyst.INTRODUCTION + "There are ")


def one_refusal_is_not_even_seen(provider: Provider, socket: Socket) -> None:
    provider.faults.append(Fault(429, retry_after_s=0.01))
    assert socket.end_of(socket.ask(analyst.BY_MONTH)["run"])["kind"] == "done"
    assert not provider.faults


@pytest.mark.parametrize("quietly", [False, True], ids=["torn", "ended quietly"])
@pytest.mark.parametrize("setting", ["openai", "anthropic"], indirect=True)
def test_a_cut_stream_keeps_its_text_and_goes_on_without_proposing_twice(
    setting: Setting, fleet: Fleet, sign_in: SignIn, quietly: bool
) -> None:
    assert setting.provider is not None
    provider = setting.provider
    whole = list(provider.protocol.lines(analyst.answer([Heard("user", TICKET)])))
    ann = sign_in("ann", fleet.start(**setting.variables).address)
    with ann.socket() as socket:
        # In the text, in the arguments of the call, and after the call but before the end.
        for pieces in (4, len(whole) - 3, len(whole) - 2):
            provider.faults.append(Fault(pieces=pieces, quietly=quietly))
            started = socket.ask(TICKET)
            end = socket.end_of(started["run"])
            assert (end["kind"], end["payload"]["code"]) == ("failed", "model_unreachable")
            assert analyst.FILED.startswith(socket.text(started["run"]))
            assert socket.events(started["run"], "request") == []

            socket.send(type="continue", run=started["run"])
            again = socket.wait(lambda frame: frame["type"] == "run")["run"]
            assert socket.end_of(again)["kind"] == "done"
            assert socket.text(started["run"], again) == analyst.FILED
            question = Run.objects.get(pk=again).question
            assert ActionRequest.objects.filter(question=question).count() == 1
