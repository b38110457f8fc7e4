"""Events fold into one state, and what a browser swaps in ends in the same page."""

import itertools
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.accounts.models import User
from atlas.chat.answers import Part, Receipt
from atlas.chat.facts import NO_FACTS, Reader
from atlas.chat.rendering import render_change, render_turn
from tests.chat.events import (
    ANSWER,
    HOSTILE,
    NEXT_RUN,
    RUN,
    events,
    result,
    step,
    text,
    view,
)
from tests.chat.page import Node, parse, roots, swap

ANN = Reader(User(pk=1, username="ann", role="analyst"), may_ask=True)
VIC = Reader(User(pk=2, username="vic", role="viewer"), may_ask=False)

PIECES = st.one_of(
    st.sampled_from(
        ["Revenue is ", "**1.3", "1 M**", "\n", "\n\n", "- a\n", "```sql\n", "```\n", HOSTILE]
    ).map(text),
    st.sampled_from(["started", "done", "failed"]).map(lambda state: step("query", state, ms=70)),
    st.just(result()),
    st.just(("ask", {"question": "Which?", "options": [{"label": HOSTILE, "question": "b"}]})),
    st.just(("refuse", {"message": HOSTILE, "suggestions": ["a", "b", "c"]})),
    st.just(("suggest", {"questions": [HOSTILE, "x"]})),
    st.just(("checkpoint", {"state": "never shown"})),
)
ENDS = st.sampled_from(["done", "stopped", "interrupted", "failed"])


def drawn(answer, reader=ANN):
    return render_turn(answer, None, reader, NO_FACTS)


def page_of(answer, reader=ANN) -> Node:
    page = parse(f'<div id="thread">{drawn(answer, reader)}</div><div id="announcer"></div>')
    return page


def live(page, answer, batches, reader=ANN):
    for batch in batches:
        swap(page, render_change(answer, answer.fold(batch), reader, NO_FACTS))


def folded(*batches):
    answer = view()
    for batch in batches:
        answer.fold(batch)
    return answer


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12), ENDS, st.data())
def test_live_fragments_end_in_the_page_that_a_reload_shows(parts, end, data):
    story = events(*parts, (end, {"message": "It broke."}))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(story)), min_size=1, max_size=5)))
    bounds = [*cuts, len(story)]
    answer = folded(story[: cuts[0]])
    page = page_of(answer)

    batches = [story[a:b] for a, b in itertools.pairwise(bounds)]
    live(page, answer, [batch for batch in batches if batch])

    assert page.find("thread").html == page_of(folded(story)).find("thread").html


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8), st.integers(0, 8))
def test_a_continued_answer_is_one_text(parts, more, cut):
    first = events(*parts, ("interrupted", {}))
    second = events(*more, ("done", {}), run=NEXT_RUN)
    answer = folded(first)
    page = page_of(answer)

    swap(page, render_change(answer, answer.begin(NEXT_RUN), ANN, NO_FACTS))
    live(page, answer, [batch for batch in (second[:cut], second[cut:]) if batch])

    whole = folded(first, second)
    assert page.find("thread").html == page_of(whole).find("thread").html
    said = [p["text"] for kind, p in [*parts, *more] if kind == "text"]
    assert "".join(whole.blocks.closed).split() == "".join(said).split()


def test_events_that_were_seen_change_nothing():
    story = events(text("one "), text("two "), step("query"))
    answer = folded(story)
    before = drawn(answer)

    change = answer.fold(story[1:])

    assert (change.parts, change.appended, change.asides) == (set(), "", [])
    assert drawn(answer) == before


def test_every_fragment_is_addressed_and_ends_with_the_numbers():
    answer = view()
    change = answer.fold(events(text("a\n\nb"), step("query"), result(), ("done", {})))

    fragments = roots(render_change(answer, change, ANN, NO_FACTS))

    assert all("hx-swap-oob" in node.attributes for node in fragments)
    marks = next(node for node in fragments if node.attributes.get("id") == f"marks-{ANSWER}")
    assert [node.attributes for node in marks.all("data")] == [
        {"data-run": str(RUN), "data-seq": "4"}
    ]


def test_an_open_block_is_only_added_to():
    answer = folded(events(step("query"), text("Revenue is")))

    message = render_change(answer, answer.fold(events(text(" <b>1"), start=3)), ANN, NO_FACTS)

    first = roots(message)[0]
    assert first.attributes == {"hx-swap-oob": f"beforeend:#open-{ANSWER}"}
    assert first.children == [" <b>1"]
    assert len(roots(message)) == 2


@pytest.mark.parametrize(
    "pieces",
    [
        ("Revenue is **1,000** now",),
        ("Revenue is ", "**", "1,000", "**", " now"),
        ("Revenue is *", "*1,000*", "* now"),
    ],
)
def test_marks_of_bold_words_are_not_shown_while_a_block_is_written(pieces):
    answer = folded(events(step("query")))
    shown = parse(drawn(answer))
    for start, piece in enumerate(pieces, 2):
        change = answer.fold(events(text(piece), start=start))
        swap(shown, render_change(answer, change, ANN, NO_FACTS))

    assert shown.find(f"open-{ANSWER}").text == "Revenue is 1,000 now"
    assert shown.html == parse(drawn(answer)).html


@pytest.mark.parametrize("reader", [ANN, VIC])
@pytest.mark.parametrize("end", ["done", "failed", "interrupted", "stopped"])
def test_hostile_text_stays_text_wherever_it_stands(reader, end):
    story = events(
        text(HOSTILE),
        step("query", label=HOSTILE),
        result(title=HOSTILE, sql=HOSTILE, reading=HOSTILE),
        ("ask", {"question": HOSTILE, "options": [{"label": HOSTILE, "question": HOSTILE}]}),
        ("refuse", {"message": HOSTILE, "suggestions": [HOSTILE]}),
        ("suggest", {"questions": [HOSTILE]}),
        (end, {"message": HOSTILE}),
    )
    page = page_of(folded(story), reader)

    assert {"script", "img", "iframe", "textarea", "template"}.isdisjoint(
        node.tag for node in page.walk()
    )
    assert not [node for node in page.walk() if {"onerror", "style"} & set(node.attributes)]
    assert "/logout" not in {node.attributes.get("hx-get") for node in page.walk()}
    assert not [node for node in page.walk() if "hx-swap-oob" in node.attributes]


def test_prose_is_inert_for_both_generations_of_htmx():
    prose = page_of(folded(events(text("x")))).find(f"text-{ANSWER}")

    assert {"hx-disable", "hx-ignore"} <= set(prose.attributes)


@pytest.mark.parametrize(
    ("used", "said"),
    [
        ({"age_s": 0, "error": ""}, "glossary read for this answer"),
        (
            {"age_s": 42, "error": "It is late."},
            "glossary 42 s old, because it could not be read: It is late.",
        ),
        (
            {"age_s": 7300, "error": "It is late."},
            "glossary 2 hours old, because it could not be read: It is late.",
        ),
        (
            {"age_s": 0, "error": "It is late."},
            "glossary left out, because it could not be read: It is late.",
        ),
    ],
)
def test_the_receipt_says_how_old_context_was(used, said):
    read = step("read_definitions", context=[{"source": "glossary", **used}])
    page = page_of(folded(events(read, step("read_definitions"))))

    texts = [" ".join(item.text.split()) for item in page.find(f"body-{ANSWER}").all("li")]
    assert texts[-1].replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("parts", "receipt"),
    [
        ([], Receipt(0, 0, 0, 0, None)),
        ([step("read_definitions", ms=90)], Receipt(0, 0, 0, 0, 0.09)),
        ([step("explore", ms=30), step("explore", ms=80)], Receipt(0, 1, 0, 0, 0.08)),
        ([step("query", ms=900), result()], Receipt(1, 0, 1, 0, 0.9)),
        ([result(), result(definitions=[])], Receipt(1, 0, 2, 0, None)),
        ([step("query", "failed", ms=100)], Receipt(0, 0, 0, 1, 0.1)),
    ],
)
def test_the_receipt_counts(parts, receipt):
    assert folded(events(*parts)).receipt == receipt


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ([], "Waiting to start"),
        ([("checkpoint", {})], "Reading the question"),
        ([step("query", "started")], "Doing query"),
        ([step("query", "started"), step("query")], "Reading the question"),
        ([step("query"), text("Rev")], "Writing the answer"),
    ],
)
def test_the_working_line_names_the_step(parts, line):
    page = page_of(folded(events(*parts)))

    assert page.find(f"line-{ANSWER}").text.strip() == line


def test_a_step_that_never_ended_is_not_shown_as_running():
    stopped = folded(events(step("query", "started"), ("stopped", {})))
    failed = folded(events(step("query", "started"), ("failed", {"message": "x"})))

    assert [one.state for one in stopped.steps.values()] == ["stopped"]
    assert [one.state for one in failed.steps.values()] == ["failed"]


def test_only_who_may_ask_gets_buttons():
    story = events(("refuse", {"message": "No.", "suggestions": ["a"]}), ("interrupted", {}))

    assert len(page_of(folded(story), ANN).all("form")) == 2
    assert page_of(folded(story), VIC).all("form") == []


def test_a_request_that_may_not_be_seen_says_so(monkeypatch):
    page = page_of(folded(events(("request", {"request_id": 7}), ("done", {}))))

    assert page.find("request-7").text == (
        "An approval request belongs here, but you may not see it."
    )


def test_an_unknown_kind_is_left_out():
    answer = folded(events(text("a"), ("brand-new", {"x": 1}), text("b")))

    assert answer.blocks.open == "ab"
    assert answer.numbers == {RUN: 3}


def test_changes_name_only_what_changed():
    answer = folded(events(step("query"), text("a")))

    assert answer.fold(events(text("b"), start=3)).parts == set()
    assert answer.fold(events(step("more"), start=4)).parts == {Part.LINE, Part.BODY}
    assert answer.begin(uuid4()).parts == {Part.LINE, Part.END, Part.SUGGEST}
