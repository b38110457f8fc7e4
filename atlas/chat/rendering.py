"""Answers to HTML: the same partials for a page and for a socket, and nobody else names them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from approvals.cards.card import Around, Card, draw_card
from atlas.chat.answers import AnswerView, Change, Part
from atlas.chat.blocks import unmarked
from atlas.chat.facts import NO_FACTS, Facts, Reader, request_number, uuid_in
from atlas.chat.highlight import highlight_query
from atlas.chat.markdown import render_block
from atlas.chat.results import drawing, figure
from atlas.conversations.enums import EventKind
from atlas.conversations.models import Message
from atlas.events.stored import StoredEvent

_FIRST_TAG = re.compile(r"\s*<[a-z]+[0-9]?")
_ASIDES = {
    EventKind.ASK: "chat/_ask.html",
    EventKind.REFUSE: "chat/_refuse.html",
}


def render_turn(
    view: AnswerView, question: Message | None, reader: Reader, facts: Facts
) -> SafeString:
    """A question and its answer; a follow-up run has no question of its own."""
    asked = _question(question, reader) if question else ""
    context = {"view": view, "question": asked, "answer": render_answer(view, reader, facts)}
    return _draw("chat/_turn.html", context)


def _question(question: Message, reader: Reader) -> SafeString:
    """What somebody asked, with the name of who did unless it was the reader."""
    is_own = question.user_id in (None, reader.user.pk)
    asker = "" if is_own else str(question.user)
    return _draw("chat/_question.html", {"question": question, "asker": asker})


def render_answer(view: AnswerView, reader: Reader, facts: Facts) -> SafeString:
    """All of an answer as it stands."""
    parts = {part.name.lower(): _part(part, view, reader, facts) for part in Part}
    asides = [_aside(event, view, reader, facts) for event in view.asides]
    context = {"view": view, "text": _text(view), "asides": _join(asides), "marks": _marks(view)}
    return _draw("chat/_answer.html", parts | context)


def render_change(view: AnswerView, change: Change, reader: Reader, facts: Facts) -> SafeString:
    """What a browser swaps in so that the answer stands as `render_answer` would draw it.

    It ends with the numbers of the events that are now in it.
    """
    pieces = _text_change(view, change)
    pieces += [
        _placed("beforeend", f"asides-{view.answer_id}", _aside(event, view, reader, facts))
        for event in change.asides
    ]
    ordered = sorted(change.parts, key=lambda part: part.value)
    pieces += [_swapped(_part(part, view, reader, facts)) for part in ordered]
    pieces.append(_swapped(_marks(view)))
    announcement = _announcement(change)
    if announcement:
        pieces.append(render_announcement(announcement))
    return _join(pieces)


def render_new_turn(turn: SafeString) -> SafeString:
    """Append a turn to the thread that is on the page."""
    return _placed("beforeend", "thread", turn)


def render_stop(run_id: object, reader: Reader, *, swapped: bool = False) -> SafeString:
    """The stop button in the composer; nothing of it while no run works."""
    drawn = _draw("chat/_stop.html", _for(reader) | {"run_id": run_id})
    return _swapped(drawn) if swapped else drawn


def render_problem(message: str, *, swapped: bool = False) -> SafeString:
    """Why what was sent was not taken, next to where it was typed."""
    drawn = _draw("chat/_problem.html", {"message": message})
    return _swapped(drawn) if swapped else drawn


def render_count(count: int, *, swapped: bool = False) -> SafeString:
    """How many requests wait for the reader, as the header shows it."""
    drawn = _draw("ui/_count.html", {"count": count})
    return _swapped(drawn) if swapped else drawn


def render_announcement(text: str) -> SafeString:
    """A sentence for screen readers."""
    return _placed("innerHTML", "announcer", escape(text))


def render_request(card: Card, reader: Reader) -> SafeString:
    """The card of a request in place of the one on the page."""
    return _swapped(_card(card, reader))


def render_replaced(card: Card, newer: Sequence[Card], reader: Reader) -> SafeString:
    """The card of a request in place of the one on the page, and after it what replaced it."""
    added = _join(_card(one, reader) for one in newer)
    return render_request(card, reader) + _placed("afterend", f"request-{card.request.pk}", added)


def render_queued(card: Card, reader: Reader) -> SafeString:
    """The card of a new request on top of the approvals page."""
    return _placed("afterbegin", "approvals-list", _card(card, reader))


def render_waiting(count: int) -> SafeString:
    """How many requests wait for the reader, as the approvals page shows it."""
    return _swapped(_draw("approvals/_waiting.html", {"waiting": count}))


def _part(part: Part, view: AnswerView, reader: Reader, facts: Facts) -> SafeString:
    context = _for(reader) | {"view": view}
    if part is Part.MAIN:
        return _draw("chat/_main.html", context | _main(view, facts))
    if part is Part.LINE:
        line = {"label": _working_label(view, facts), "receipt": view.receipt}
        return _draw("chat/_line.html", context | line)
    if part is Part.BODY:
        return _draw("chat/_body.html", context | _body(view))
    if part is Part.END:
        return _draw("chat/_end.html", context | {"reference": str(view.run_id)[:8]})
    return _draw("chat/_suggest.html", context)


def _text(view: AnswerView) -> SafeString:
    blocks = _join(_block(view, number) for number in range(len(view.blocks.closed)))
    context = {"view": view, "blocks": blocks, "open": unmarked(view.blocks.open)}
    return _draw("chat/_text.html", context)


def _block(view: AnswerView, number: int) -> SafeString:
    html = render_block(view.blocks.closed[number])
    context = {"answer_id": view.answer_id, "number": number, "html": html}
    return _draw("chat/_block.html", context)


def _text_change(view: AnswerView, change: Change) -> list[SafeString]:
    answer_id, total = view.answer_id, len(view.blocks.closed)
    if not change.is_rewritten and not change.was_reopened:
        before = view.blocks.open[: len(view.blocks.open) - len(change.appended)]
        added = unmarked(view.blocks.open)[len(unmarked(before)) :]
        return [_placed("beforeend", f"open-{answer_id}", escape(added))] if added else []
    first = total - change.closed
    pieces = [_placed("innerHTML", f"open-{answer_id}", escape(unmarked(view.blocks.open)))]
    if change.was_reopened:
        pieces.insert(0, _placed("delete", f"block-{answer_id}-{first}", ""))
    blocks = _join(_block(view, number) for number in range(first, total))
    return [*pieces[:-1], _placed("beforebegin", f"open-{answer_id}", blocks), pieces[-1]]


def _main(view: AnswerView, facts: Facts) -> dict[str, Any]:
    result = view.main
    if result is None:
        return {}
    key = uuid_in(result["result_id"])
    rows = facts.rows.get(key) if key else None
    if rows is None:
        return {"result": result}
    rows = rows.in_currency(str(result.get("currency") or ""))
    chart = result["chart"]
    drawn = drawing(chart, rows)
    return {
        "result": result,
        "rows": rows,
        "figure": figure(chart, rows),
        "unit": result.get("currency") if "money" in {c["format"] for c in rows.columns} else "",
        "drawing": json.dumps(drawn) if drawn else "",
    }


def _body(view: AnswerView) -> dict[str, Any]:
    queries = [
        {
            **result,
            "highlighted": highlight_query(str(result["sql"])),
            "seconds": float(result.get("ms") or 0) / 1000,
        }
        for result in view.results
    ]
    definitions = {one["name"]: one for result in view.results for one in result["definitions"]}
    assumptions = {one["key"]: one for result in view.results for one in result["assumptions"]}
    return {
        "queries": queries,
        "definitions": list(definitions.values()),
        "assumptions": list(assumptions.values()),
    }


def _aside(event: StoredEvent, view: AnswerView, reader: Reader, facts: Facts) -> SafeString:
    context = _for(reader) | {"view": view, "event": event}
    template = _ASIDES.get(EventKind(event.kind))
    if template is not None:
        return _draw(template, context)
    cards = _versions(request_number(event), facts)
    if not cards:
        return _draw("chat/_no_card.html", context)
    return _join(_card(card, reader) for card in cards)


def _versions(number: int | None, facts: Facts) -> list[Card]:
    """The card of a request and after it those of the versions that replaced it."""
    cards = []
    while number is not None and number in facts.cards:
        cards.append(facts.cards[number])
        number = cards[-1].beside.replaced_by
    return cards


def _card(card: Card, reader: Reader) -> SafeString:
    around = Around(
        reader.csrf_token,
        reader.next_url,
        conversation_id=reader.conversation_id,
        is_in_queue=reader.is_in_queue,
    )
    return draw_card(card, around)


def _marks(view: AnswerView) -> SafeString:
    return _draw("chat/_marks.html", {"view": view})


def _working_label(view: AnswerView, facts: Facts) -> str:
    if view.is_waiting and facts.is_halted:
        return _("Waiting until an admin lifts the order that stops everything")
    if view.is_waiting:
        return _("Waiting to start")
    step = view.working_on
    if step is not None:
        return step.label
    return _("Reading the question") if view.blocks.is_empty else _("Writing the answer")


def _announcement(change: Change) -> str:
    if change.ended is not None:
        return {
            EventKind.DONE: _("The answer is ready."),
            EventKind.STOPPED: _("The answer was stopped."),
            EventKind.INTERRUPTED: _("The answer was interrupted."),
        }.get(EventKind(change.ended.kind), _("There is no answer: something failed."))
    kinds = {event.kind for event in change.asides}
    if EventKind.REQUEST in kinds:
        return _("Something waits for approval.")
    return _("There is a question for you.") if EventKind.ASK in kinds else ""


def _for(reader: Reader) -> dict[str, Any]:
    return {"may_ask": reader.may_ask, "csrf_token": reader.csrf_token}


def _draw(template: str, context: Mapping[str, Any]) -> SafeString:
    return mark_safe(render_to_string(template, dict(context)).strip())  # noqa: S308 - a template's


def _swapped(html: str) -> SafeString:
    """The fragment, to take the place of the element with its root's id."""
    marked = _FIRST_TAG.sub(lambda tag: f'{tag[0]} hx-swap-oob="true"', html, count=1)
    return mark_safe(marked)  # noqa: S308 - as safe as it came


def _placed(how: str, where: str, html: str) -> SafeString:
    """The fragment in an envelope that says what to do with it."""
    return mark_safe(f'<div hx-swap-oob="{how}:#{where}">{html}</div>')  # noqa: S308 - ids and safe HTML


def _join(pieces: Any) -> SafeString:
    return mark_safe("".join(pieces))  # noqa: S308 - each piece is safe


__all__ = [
    "NO_FACTS",
    "render_announcement",
    "render_answer",
    "render_change",
    "render_count",
    "render_new_turn",
    "render_problem",
    "render_queued",
    "render_replaced",
    "render_request",
    "render_stop",
    "render_turn",
    "render_waiting",
]
