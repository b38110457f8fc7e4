"""Pages work with plain forms, for those who may see them, and for nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from atlas.conversations.models import Conversation, Participant, Run
from atlas.demo import place
from tests.chat.conftest import ask, store
from tests.chat.page import parse

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def page_of(response):
    html = response.content.decode()
    return parse(html.replace("<!doctype html>", ""))


def test_home_is_for_people_who_are_signed_in(ann):
    answer = Client(headers={"host": "localhost"}).get("/")

    assert answer.status_code == 302
    assert answer["location"] == f"{reverse('accounts:login')}?next=/"


def test_home_offers_a_box_to_analysts_and_reading_to_viewers(ann, vic):
    assert page_of(client_of(ann).get("/")).find("question") is not None

    page = page_of(client_of(vic).get("/"))
    assert page.find("question") is None
    assert "Your role is viewer" in page.find("welcome").text


def test_a_plain_post_asks_and_leads_to_the_answer(ann):
    answer = client_of(ann).post(reverse("chat:ask"), {"text": "How much?", "conversation": ""})

    run = Run.objects.get()
    assert answer.status_code == 302
    assert answer["location"] == (
        f"{reverse('chat:conversation', args=[run.conversation_id])}#turn-{run.answer_id}"
    )
    assert run.question.text == "How much?"


def test_a_question_goes_on_in_its_conversation(ann, answered):
    conversation_id = answered.run.conversation_id

    client_of(ann).post(reverse("chat:ask"), {"text": "And now?", "conversation": conversation_id})

    assert Conversation.objects.count() == 1
    assert Run.objects.filter(conversation_id=conversation_id).count() == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Type a question first."),
        ("  \n ", "Type a question first."),
        ("a\x00b", "The question holds characters that are not text."),
    ],
)
def test_a_question_that_cannot_be_taken_comes_back_with_the_reason(ann, text, problem):
    answer = client_of(ann).post(reverse("chat:ask"), {"text": text})

    assert answer.status_code == 400
    assert page_of(answer).find("composer-problem").text.strip() == problem
    assert Run.objects.count() == 0


def test_a_question_of_100_kb_comes_back_with_the_reason_and_the_text(ann, answered):
    text = "why " * 25_000
    data = {"text": text, "conversation": answered.run.conversation_id}

    answer = client_of(ann).post(reverse("chat:ask"), data)

    assert answer.status_code == 400
    page = page_of(answer)
    assert page.find("composer-problem").text.strip() != ""
    assert page.find("question").text.strip() == text.strip()


def test_a_viewer_cannot_ask(vic):
    answer = client_of(vic).post(reverse("chat:ask"), {"text": "How much?"})

    assert answer.status_code == 403
    assert Run.objects.count() == 0


def test_three_running_questions_are_enough(ann):
    for _ in range(3):
        ask(ann)

    answer = client_of(ann).post(reverse("chat:ask"), {"text": "One more?"})

    assert answer.status_code == 429
    assert "Three of your questions" in page_of(answer).find("composer-problem").text
    assert Run.objects.count() == 3


def test_a_conversation_shows_its_answer_whole(ann, answered):
    page = page_of(client_of(ann).get(address(answered)))

    answer = page.find(f"answer-{answered.run.answer_id}")
    assert page.find(f"question-{answered.run.question_id}").all("h2")[0].text == (
        "Revenue by customer"
    )
    assert page.find(f"text-{answered.run.answer_id}").text == "QUICK-Stop leads.\n"
    assert len(answer.all("tbody")[0].all("tr")) == 50
    assert page.find("main").attributes["data-conversation"] == str(answered.run.conversation_id)
    marks = page.find(f"marks-{answered.run.answer_id}").all("data")
    assert [mark.attributes["data-seq"] for mark in marks] == ["4"]


def test_an_answer_outlives_its_events(ann, answered):
    answered.run.events.all().delete()

    page = page_of(client_of(ann).get(address(answered)))

    assert page.find(f"text-{answered.run.answer_id}").text == "QUICK-Stop leads.\n"
    assert "working" not in page.find(f"line-{answered.run.answer_id}").attributes["class"]


def test_an_expired_result_says_so(ann, answered):
    answered.result.delete()

    page = page_of(client_of(ann).get(address(answered)))

    assert "no longer kept" in page.find(f"main-{answered.run.answer_id}").text


def address(writer, name="conversation"):
    return reverse(f"chat:{name}", args=[writer.run.conversation_id])


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("get", "conversation"),
        ("get", "rename"),
        ("post", "rename"),
        ("get", "delete"),
        ("post", "delete"),
    ],
)
def test_strangers_find_nothing(ada, bob, answered, method, name):
    for stranger in (bob, ada):
        answer = getattr(client_of(stranger), method)(address(answered, name), {"title": "x"})
        assert answer.status_code == 404
    missing = reverse(f"chat:{name}", args=[uuid4()])
    assert getattr(client_of(ada), method)(missing).status_code == 404
    assert Conversation.objects.get().title == "Revenue by customer"


@pytest.mark.parametrize("name", ["stop", "continue"])
def test_strangers_move_no_run(bob, ann, name):
    writer = ask(ann)

    answer = client_of(bob).post(reverse(f"chat:{name}", args=[writer.run.id]))

    assert answer.status_code == 404
    writer.run.refresh_from_db()
    assert writer.run.stop_requested is False


@pytest.mark.parametrize("name", ["result", "result-csv"])
def test_strangers_read_no_result(bob, ann, answered, name):
    url = reverse(f"chat:{name}", args=[answered.result.id])

    assert client_of(bob).get(url).status_code == 404
    assert client_of(ann).get(url).status_code == 200
    assert client_of(ann).get(reverse(f"chat:{name}", args=[uuid4()])).status_code == 404


def test_a_participant_who_only_reads_gets_no_box_and_cannot_ask(bob, answered):
    conversation = Conversation.objects.get()
    Participant.objects.create(conversation=conversation, user=bob, may_write=False)

    page = page_of(client_of(bob).get(address(answered)))

    assert page.find("question") is None
    assert "Rename" not in page.find("conversation-menu").text


@pytest.mark.parametrize(
    ("name", "method"),
    [("ask", "get"), ("sidebar", "post"), ("home", "post"), ("conversation", "post")],
)
def test_addresses_answer_only_their_methods(ann, answered, name, method):
    args = [answered.run.conversation_id] if name == "conversation" else []

    assert getattr(client_of(ann), method)(reverse(f"chat:{name}", args=args)).status_code == 405


def test_forms_need_their_token(ann, answered):
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    client.force_login(ann)

    assert client.post(reverse("chat:ask"), {"text": "How much?"}).status_code == 403
    assert client.post(address(answered, "delete")).status_code == 403


def test_a_conversation_is_renamed(ann, answered):
    answer = client_of(ann).post(address(answered, "rename"), {"title": "Best customers"})

    assert (answer.status_code, answer["location"]) == (302, address(answered))
    assert Conversation.objects.get().title == "Best customers"


@pytest.mark.parametrize("title", ["", " ", "x" * 81])
def test_a_title_must_fit(ann, answered, title):
    answer = client_of(ann).post(address(answered, "rename"), {"title": title})

    assert answer.status_code == 200
    assert len(page_of(answer).find("rename-form").all("ul")) == 1
    assert Conversation.objects.get().title == "Revenue by customer"


def test_deleting_asks_first(ann, answered):
    client = client_of(ann)

    page = page_of(client.get(address(answered, "delete")))
    assert "Delete this conversation?" in page.find("delete-form").text
    assert Conversation.objects.count() == 1

    answer = client.post(address(answered, "delete"), follow=True)
    assert Conversation.objects.count() == 0
    assert "was deleted" in page_of(answer).find("messages").text


@pytest.mark.parametrize("name", ["rename", "delete"])
def test_forms_come_alone_for_a_dialog(ann, answered, name):
    answer = client_of(ann).get(address(answered, name), headers={"hx-request": "true"})

    assert answer.content.decode().lstrip().startswith(f'<form id="{name}-form"')


def test_stop_works_without_a_socket(ann):
    writer = ask(ann)

    answer = client_of(ann).post(reverse("chat:stop", args=[writer.run.id]))

    assert answer["location"] == f"{address(writer)}#turn-{writer.run.answer_id}"
    writer.run.refresh_from_db()
    assert writer.run.stop_requested is True


def test_an_interrupted_answer_goes_on_with_one_click(ann):
    writer = ask(ann)
    writer.say("Revenue is 1.3")
    writer.write(("interrupted", {}))
    page = page_of(client_of(ann).get(address(writer)))
    form = page.find(f"interrupted-{writer.run.id}").all("form")[0]

    client_of(ann).post(form.attributes["action"])

    again = Run.objects.exclude(pk=writer.run.pk).get()
    assert (again.answer_id, again.continues_id) == (writer.run.answer_id, writer.run.id)


def test_an_answer_that_cannot_go_on_says_why(ann, answered):
    url = reverse("chat:continue", args=[answered.run.id])

    answer = client_of(ann).post(url, follow=True)

    assert page_of(answer).find("messages").text.strip() != ""
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "first", "rows"),
    [
        ("", "Customer 0", 50),
        ("?offset=50", "Customer 50", 50),
        ("?offset=100", "Customer 100", 20),
        ("?offset=x", "Customer 0", 50),
        ("?offset=-3", "Customer 0", 50),
    ],
)
def test_results_come_in_pages_of_fifty(ann, answered, query, first, rows):
    url = reverse("chat:result", args=[answered.result.id]) + query

    answer = client_of(ann).get(url, headers={"hx-request": "true"})

    fragment = parse(answer.content.decode())
    table = fragment.find(f"rows-{answered.result.id}").all("tbody")[0]
    assert table.all("td")[0].text == first
    assert len(table.all("tr")) == rows


def test_pages_beyond_the_end_are_empty(ann, answered):
    url = reverse("chat:result", args=[answered.result.id]) + "?offset=5000"

    assert page_of(client_of(ann).get(url)).all("td") == []


def test_the_sidebar_lists_own_conversations_newest_first(ann, bob):
    for title in ("First", "Second"):
        ask(ann, title)
    ask(bob, "Not yours")

    page = page_of(client_of(ann).get("/"))

    items = page.find("sidebar-list").all("a")
    assert [item.all("span")[0].text for item in items] == ["Second", "First"]
    assert [heading.text for heading in page.find("sidebar-list").all("h2")] == ["Today"]


def test_search_finds_titles_and_takes_signs_literally(ann):
    for title in ("100 % of revenue", "Revenue by month", "Late orders"):
        ask(ann, title)
    client = client_of(ann)

    def found(words):
        answer = client.get(reverse("chat:sidebar"), {"q": words})
        return [a.all("span")[0].text for a in parse(answer.content.decode()).all("a")]

    assert found("revenue") == ["Revenue by month", "100 % of revenue"]
    assert found("%") == ["100 % of revenue"]
    assert found("nothing like it") == []


def test_the_list_grows_on_request(ann):
    for number in range(32):
        ask_without_limit(ann, number)
    client = client_of(ann)

    first = page_of(client.get("/"))
    assert len(first.find("sidebar-list").all("li")) == 30
    more = next(a for a in first.find("sidebar-list").all("a") if "more" in a.text)
    second = parse(client.get(more.attributes["hx-get"]).content.decode())
    assert len(second.all("li")) == 32
    assert [a for a in second.all("a") if "more" in a.text] == []


def ask_without_limit(user, number):
    conversation = Conversation.objects.create(title=f"Question {number}")
    Participant.objects.create(conversation=conversation, user=user, is_owner=True)


def test_pages_cost_the_same_number_of_queries_with_one_turn_and_with_three(ann, answered):
    client = client_of(ann)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(answered)).status_code == 200
        counts.append(len(captured))
        for _again in range(2):
            writer = ask(ann, "More", answered.run.conversation_id)
            result = store(writer.run, [["a", "1"], ["b", "2"]])
            writer.write(("result", {**RESULT, "result_id": str(result.id)}), ("done", {}))

    assert counts[0] == counts[1]


RESULT = {"title": "T", "sql": "SELECT 1", "row_count": 2, "ms": 1, "datasource": "demo"}


def test_the_page_keeps_to_its_content_policy(ann, answered):
    answer = client_of(ann).get(address(answered))
    page = page_of(answer)

    policy = answer["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert [node for node in page.walk() if "style" in node.attributes] == []
    assert [s.text for s in page.all("script") if s.text.strip()] == []
    assert [n for n in page.walk() for name in n.attributes if name.startswith("on")] == []
    sources = [n.attributes.get("src") or n.attributes.get("href", "") for n in page.walk()]
    assert [source for source in sources if "//" in source] == []


def test_what_is_missing_has_a_page_of_its_own(ann):
    answer = client_of(ann).get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is nothing here" in page_of(answer).text


def test_an_unknown_conversation_takes_no_question(ann, bob, answered):
    for conversation in (uuid4(), answered.run.conversation_id):
        data = {"text": "How much?", "conversation": conversation}
        assert client_of(bob).post(reverse("chat:ask"), data).status_code == 404
    assert Run.objects.count() == 1


@pytest.mark.parametrize("name", ["rename", "delete"])
def test_only_the_owner_changes_a_conversation(bob, answered, name):
    Participant.objects.create(conversation=Conversation.objects.get(), user=bob)

    answer = client_of(bob).post(address(answered, name), {"title": "Mine"})

    assert answer.status_code == 404
    assert Conversation.objects.get().title == "Revenue by customer"


def test_conversations_are_grouped_by_day(ann):
    for days, title in enumerate(["Now", "Day before", "Long ago"]):
        writer = ask(ann, title)
        touched = timezone.now() - timedelta(days=days * days + days)
        if days == 1:
            touched = timezone.now() - timedelta(days=1)
        conversation = Conversation.objects.filter(pk=writer.run.conversation_id)
        conversation.update(touched_at=touched)

    page = page_of(client_of(ann).get("/"))

    headings = [heading.text for heading in page.find("sidebar-list").all("h2")]
    assert headings == ["Today", "Yesterday", "Earlier"]


def test_a_broken_result_id_leaves_the_rest_of_the_page(ann):
    writer = ask(ann)
    writer.write(("result", {**RESULT, "result_id": "not an id"}), ("done", {}))

    page = page_of(client_of(ann).get(address(writer)))

    assert "no longer kept" in page.find(f"main-{writer.run.answer_id}").text


@pytest.mark.parametrize(("is_demo", "status"), [(True, 200), (False, 404)])
def test_the_outbox_is_there_in_the_demo_alone(ann, monkeypatch, is_demo, status):
    monkeypatch.setattr(place, "is_on", lambda _env: is_demo)
    client = client_of(ann)

    assert client.get("/demo/outbox/").status_code == status
    links = [a.attributes["href"] for a in page_of(client.get("/")).all("a")]
    assert ("/demo/outbox/" in links) is is_demo
