"""Words that shape a query: counting, splitting, ranking, negation, thresholds and the like."""

from collections.abc import Iterable

from atlas.analyst import vocabulary as said
from atlas.analyst.marks import Board, Mark
from atlas.analyst.words import number

_THRESHOLDS = ((said.AT_LEAST, ">="), (said.AT_MOST, "<="), (said.MORE, ">"), (said.LESS, "<"),
               (said.EXACTLY, "="))  # fmt: skip


def mark_thresholds(board: Board) -> None:
    """Lays "threshold" with (operator, numbers) on "more than 5", "10 or more", "< 3"."""
    for index in range(len(board.words)):
        if board.at(index) is not None:
            continue
        _between(board, index)
        for phrases, op in _THRESHOLDS:
            for phrase in phrases:
                length = board.matches(index, phrase.split())
                value = number(board.text(index + length)) if length else None
                if value is not None and board.lemma(index + length + 1) not in said.UNITS:
                    board.put(Mark("threshold", index, index + length + 1, (op, (value,))))
        value = number(board.text(index))
        for ending, op in (("or more", ">="), ("or fewer", "<="), ("or less", "<=")):
            length = board.matches(index + 1, ending.split())
            if value is not None and length:
                board.put(Mark("threshold", index, index + 1 + length, (op, (value,))))


def _between(board: Board, index: int) -> None:
    if board.text(index) != "between" or board.text(index + 2) != "and":
        return
    low, high = number(board.text(index + 1)), number(board.text(index + 3))
    if low is not None and high is not None and low <= high:
        board.put(Mark("threshold", index, index + 4, ("between", (low, high))))


def mark_steps(board: Board) -> None:
    """Lays "growth" with its step on "year over year", "mom" and the like."""
    for phrase, step in said.STEPS.items():
        _mark_phrases(board, "growth", (phrase,), step)
    _mark_ways(board)


def _mark_ways(board: Board) -> None:
    """Lays "growth" on "up" and "down" in "is revenue up" and "did sales go down"."""
    moves = [index for index, word in enumerate(board.words) if word.text in said.MOVES]
    for index, word in enumerate(board.words):
        if word.text not in said.WAYS or not moves or moves[0] > index:
            continue
        if board.text(index - 1) not in said.NO_MOVES and board.text(index + 1) != "to":
            board.put(Mark("growth", index, index + 1))


def mark_operators(board: Board) -> None:
    """Lays the marks of all other operators on words that are still free."""
    _mark_phrases(board, "count", said.COUNT)
    _mark_phrases(board, "amount", said.AMOUNT)
    _mark_phrases(board, "share", said.SHARE)
    _mark_phrases(board, "neg", said.NEGATION)
    _mark_phrases(board, "by", said.BY)
    _mark_phrases(board, "compare", said.COMPARE)
    _mark_phrases(board, "growth", said.GROWTH)
    _mark_phrases(board, "average", said.AVERAGE)
    _mark_phrases(board, "distinct", said.DISTINCT)
    _mark_phrases(board, "total", said.TOTAL)
    _mark_rankings(board)
    _mark_phrases(board, "about", ("what about",))
    _mark_phrases(board, "list", said.LIST)
    _mark_costs(board)


def _mark_costs(board: Board) -> None:
    """Lays "cost" on the verb in "cost more than 50" and "how much does it cost"."""
    asked = bool(board.marks("amount"))
    for index in range(len(board.words)):
        following = board.at(index + 1)
        limited = following is not None and following.kind == "threshold"
        if board.text(index) in said.COSTS and (limited or asked):
            board.put(Mark("cost", index, index + 1))


def mark_vague(board: Board) -> None:
    """Lays "vague" on words like "best" that no name or value explains."""
    for index in range(len(board.words)):
        word = board.text(index)
        if board.at(index) is None and word in said.VAGUE:
            _put_ranking(board, index, said.VAGUE[word], "vague")


def mark_numbers(board: Board) -> None:
    """Lays "number" on whole numbers that nothing else has taken."""
    for index in board.loose():
        value = _whole(board, index)
        if value is not None:
            board.put(Mark("number", index, index + 1, value))


def _mark_phrases(board: Board, kind: str, phrases: Iterable[str], value: object = None) -> None:
    for phrase in phrases:
        parts = phrase.split()
        for index in range(len(board.words)):
            length = board.matches(index, parts)
            if length and not (phrase == "than" and not _names_something(board, index + 1)):
                board.put(Mark(kind, index, index + length, value))


def mark_than(board: Board) -> None:
    """Lays "compare" on a "than" before a name: "more in Germany than in France"."""
    for index in board.loose():
        if board.text(index) == "than" and _names_something(board, index + 1):
            board.put(Mark("compare", index, index + 1))


def _names_something(board: Board, index: int) -> bool:
    """Whether what follows "than" is understood: a period or a name, also after "in the"."""
    while board.at(index) is None and board.text(index) in ("in", "on", "during", "for", "the"):
        index += 1
    return board.at(index) is not None


def _mark_rankings(board: Board) -> None:
    """ "top 5", "the 3 cheapest", "most": value is (how many or None, direction or None)."""
    for index in range(len(board.words)):
        if board.at(index) is not None:
            continue
        word = board.text(index)
        if word in said.DESC or word in said.ASC:
            _put_ranking(board, index, "desc" if word in said.DESC else "asc", "top")


def _put_ranking(board: Board, index: int, direction: str, kind: str) -> None:
    after = _whole(board, index + 1)
    before = _whole(board, index - 1)
    if after is not None:
        board.put(Mark(kind, index, index + 2, (after, direction)))
    elif before is not None:
        board.put(Mark(kind, index - 1, index + 1, (before, direction)))
    else:
        board.put(Mark(kind, index, index + 1, (None, direction)))


def _whole(board: Board, index: int) -> int | None:
    if board.at(index) is not None:
        return None
    value = number(board.text(index))
    usable = value is not None and value == int(value) and 1 <= value <= 1000
    return int(value) if usable and value is not None else None
