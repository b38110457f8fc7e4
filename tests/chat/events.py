"""Events of made-up runs, as the feed would give them."""

from uuid import UUID, uuid5

from atlas.chat.answers import AnswerView
from atlas.events.stored import StoredEvent

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
ANSWER = uuid5(SPACE, "answer")
CONVERSATION = uuid5(SPACE, "conversation")
RUN = uuid5(SPACE, "run")
NEXT_RUN = uuid5(SPACE, "next run")
RESULT = uuid5(SPACE, "result")

HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> ![i](http://evil.test/x.png)"
    ' [l](javascript:alert(3)) <div hx-get="/logout" hx-trigger="load">x</div>'
    ' <p hx-swap-oob="true" id="approvals-count">9</p> "quoted" & </textarea></template>'
)


def view(*runs: UUID) -> AnswerView:
    made = AnswerView(ANSWER, CONVERSATION, "How much?")
    for run in runs or (RUN,):
        made.begin(run)
    return made


def events(*parts: tuple[str, dict], run: UUID = RUN, start: int = 1) -> list[StoredEvent]:
    """Number the (kind, payload) pairs of one run."""
    return [
        StoredEvent(run, seq, kind, payload) for seq, (kind, payload) in enumerate(parts, start)
    ]


def text(piece: str) -> tuple[str, dict]:
    return "text", {"text": piece}


def step(name: str, state: str = "done", **more) -> tuple[str, dict]:
    return "step", {"id": name, "name": name, "label": f"Doing {name}", "state": state, **more}


def result(**more) -> tuple[str, dict]:
    payload = {
        "result_id": str(RESULT),
        "title": "Revenue by month",
        "sql": "SELECT 1",
        "columns": [],
        "row_count": 2,
        "truncated": False,
        "ms": 40,
        "datasource": "demo",
        "governed": True,
        "reading": "revenue by month",
        "definitions": [{"name": "revenue", "label": "Revenue", "text": "After discount."}],
        "assumptions": [{"key": "year", "text": "the calendar year"}],
        "chart": None,
    }
    return "result", {**payload, **more}
