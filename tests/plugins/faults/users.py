"""People who ask a running server the demo's questions again and again, and how long it takes."""

import random
import threading
import time

from tests.processes.people import Person

QUESTIONS = (
    "What was our revenue by month this year?",
    "Which customers in Germany ordered most?",
    "Top 5 products by revenue",
    "How many orders did we get last month?",
)


class Asking:
    """One person with a socket in a thread of their own."""

    def __init__(self, person: Person, number: int, *, pause_s: float, first_s: float) -> None:
        self.person = person
        self.number = number
        self.first_s = first_s
        self.pause_s = pause_s
        self.answers: list[tuple[str, str]] = []
        self.took: list[tuple[float, float]] = []
        self.problem: BaseException | None = None
        self._random = random.Random(number)  # noqa: S311 - no secret
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after the question that is being answered; raises what went wrong."""
        self._stopping.set()
        self._thread.join(timeout_s)
        if self.problem:
            raise self.problem
        assert not self._thread.is_alive(), "an answer did not come"

    def _run(self) -> None:
        try:
            with self.person.socket() as socket:
                number = self.number
                self._stopping.wait(self.first_s)
                while not self._stopping.is_set():
                    question = QUESTIONS[number % len(QUESTIONS)]
                    began = time.monotonic()
                    run = socket.ask(question)["run"]
                    end = socket.end_of(run)
                    took_s = time.monotonic() - began
                    text = socket.text(run) if end["kind"] == "done" else end["kind"]
                    self.took.append((began, took_s))
                    self.answers.append((question, text))
                    socket.frames.clear()
                    number += 1
                    # Else they would end up asking all at once, whenever the server was slow.
                    self._stopping.wait(self.pause_s * self._random.uniform(0.5, 1.5))
        except BaseException as problem:  # noqa: BLE001 - given on by `stop`
            self.problem = problem


def quantile(seconds: list[float], share: float) -> float:
    """The seconds that this share of the questions took at most; 0 when there are none."""
    ranked = sorted(seconds)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else 0.0
