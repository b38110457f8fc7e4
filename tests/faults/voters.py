"""A program whose processes decide about the same requests at the same moments.

Reads a plan as JSON: lanes of rounds, each `{"request", "hash", "votes": [[name, verb], ...]}`
with as many votes as a lane has processes. Writes for each round what each vote was answered: ""
or the code of the refusal.
"""

import json
import multiprocessing
import sys
from multiprocessing.connection import Connection
from typing import Any

Round = dict[str, Any]

# A voter that died breaks the barrier for the others instead of keeping them.
PATIENCE_S = 120


def main() -> None:
    lanes: list[list[Round]] = json.load(sys.stdin)
    forking = multiprocessing.get_context("fork")
    answers: list[list[Connection]] = []
    for rounds in lanes:
        width = len(rounds[0]["votes"])
        start = forking.Barrier(width)
        answers.append([])
        for place in range(width):
            here, there = forking.Pipe(duplex=False)
            arguments = (rounds, place, start, there)
            forking.Process(target=_vote, args=arguments, daemon=True).start()
            answers[-1].append(here)
    told = [list(zip(*(voter.recv() for voter in voters), strict=True)) for voters in answers]
    json.dump(told, sys.stdout)


def _vote(rounds: list[Round], place: int, start: Any, answers: Connection) -> None:
    people = {user.username: user for user in User.objects.all()}
    answers.send([_answer(one, place, people, start) for one in rounds])


def _answer(one: Round, place: int, people: dict[str, "User"], start: Any) -> str:
    name, verb = one["votes"][place]
    more = {"reason": "Not now"} if verb == "reject" else {}
    decide = getattr(services, verb)
    start.wait(PATIENCE_S)
    while True:
        try:
            decide(one["request"], by=people[name], payload_hash=one["hash"], **more)
        except AtlasError as error:
            return error.code
        except OperationalError as error:
            # A stalled disk makes the other vote hold its row for longer than the limit of locks:
            # the person reads that nothing was decided, and tries again.
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        else:
            return ""


if __name__ == "__main__":
    import django

    django.setup()
    from django.db import OperationalError
    from psycopg.errors import LockNotAvailable

    from approvals import services
    from atlas.accounts.models import User
    from atlas.common.errors import AtlasError

    main()
