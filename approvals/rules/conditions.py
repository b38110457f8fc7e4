"""Comparisons of an argument with a value: whether one may hold, and whether one surely does."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from approvals.cards.lookalikes import odd_places

# What separates several values in one text, such as "ann@shop.example, eve@rival.example".
_SEVERAL = re.compile(r"[,;\r\n]+")
_SEVERAL_ADDRESSES = re.compile(r"[,;\s]+")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_MISSING = object()


class Operator(StrEnum):
    """How a condition compares an argument with its value."""

    IS = "is"
    IS_NOT = "is not"
    ABOVE = "above"
    AT_LEAST = "at least"
    BELOW = "below"
    AT_MOST = "at most"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"
    ONE_OF = "one of"
    NOT_ONE_OF = "not one of"


class Judgement(StrEnum):
    """Whether a condition holds; what is missing or cannot be compared is unclear."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Condition:
    """One comparison of an argument, such as `Condition("amount", Operator.ABOVE, 500)`.

    `field` may lead into nested arguments: "order.amount". Of a list each entry is compared by
    itself, unless the value is a list for `is` and `is not`. Capital letters do not count.
    """

    field: str
    operator: Operator
    value: object

    def __str__(self) -> str:
        value = self.value
        if isinstance(value, list | tuple | set | frozenset):
            value = ", ".join(str(one) for one in value)
        return f"{self.field} {self.operator} {value}"


def may_hold(condition: Condition, arguments: Mapping[str, object]) -> bool:
    """Whether the condition holds for any entry, or cannot be judged: for rules that tighten."""
    return any(one is not Judgement.NO for one in judged(condition, arguments))


def surely_holds(condition: Condition, arguments: Mapping[str, object]) -> bool:
    """Whether the condition holds for each entry, and beyond doubt: for rules that allow.

    A text with invisible characters, or with look-alikes of plain ones, is never beyond doubt.
    """
    found = _found(condition.field, arguments)
    entries = _entries(condition, found)
    return (
        bool(entries)
        and all(_is_plain(entry) for entry in entries)
        and all(one is Judgement.YES for one in judged(condition, arguments))
    )


def judged(condition: Condition, arguments: Mapping[str, object]) -> tuple[Judgement, ...]:
    """How the condition judges each entry of its argument; `UNCLEAR` alone when it is missing."""
    found = _found(condition.field, arguments)
    if found is _MISSING:
        return (Judgement.UNCLEAR,)
    return tuple(_judge(condition, entry) for entry in _entries(condition, found))


def _found(field: str, arguments: Mapping[str, object]) -> object:
    if field in arguments:
        return arguments[field]
    first, _dot, rest = field.partition(".")
    inner = arguments.get(first)
    return _found(rest, inner) if rest and isinstance(inner, Mapping) else _MISSING


def _entries(condition: Condition, found: object) -> Sequence[object]:
    is_whole = condition.operator in (Operator.IS, Operator.IS_NOT)
    if isinstance(found, list) and not (is_whole and isinstance(condition.value, list | tuple)):
        return found or [_MISSING]
    if condition.operator is Operator.ENDS_WITH and isinstance(found, str):
        return _separated(found, str(condition.value)) or [found]
    return [found]


def _separated(found: str, wanted: str) -> list[str]:
    """The values of a text; what holds addresses is also parted by spaces, for whoever sends it."""
    parts = [] if "@" in wanted else _SEVERAL.split(found)
    if "@" in wanted or "@" in found:
        parts += _SEVERAL_ADDRESSES.split(found)
    return [part.strip() for part in parts if part.strip()]


def _judge(condition: Condition, found: object) -> Judgement:
    wanted = condition.value
    if found is _MISSING:
        return Judgement.UNCLEAR
    match condition.operator:
        case Operator.IS:
            return _answer(_alike(found, wanted), _same(found, wanted))
        case Operator.IS_NOT:
            return _opposite(_answer(_alike(found, wanted), _same(found, wanted)))
        case Operator.CONTAINS | Operator.STARTS_WITH | Operator.ENDS_WITH:
            looks = _text_fits(condition.operator, _folded(found), _folded(wanted))
            is_so = isinstance(found, str) and _text_fits(
                condition.operator, _lowered(found), _lowered(wanted)
            )
            return _answer(looks, is_so)
        case Operator.ONE_OF | Operator.NOT_ONE_OF:
            return _listed(condition, found)
        case _:
            return _compared(condition.operator, found, wanted)


def _answer(looks_so: bool, is_so: bool) -> Judgement:
    """Yes for what is so, no for what does not even look so, and between them nobody knows."""
    if is_so:
        return Judgement.YES
    return Judgement.UNCLEAR if looks_so else Judgement.NO


def _opposite(judgement: Judgement) -> Judgement:
    turned = {Judgement.YES: Judgement.NO, Judgement.NO: Judgement.YES}
    return turned.get(judgement, judgement)


def _text_fits(operator: Operator, found: str, wanted: str) -> bool:
    if operator is Operator.CONTAINS:
        return wanted in found
    return found.startswith(wanted) if operator is Operator.STARTS_WITH else found.endswith(wanted)


def _listed(condition: Condition, found: object) -> Judgement:
    wanted = condition.value
    if not isinstance(wanted, list | tuple | set | frozenset):
        return Judgement.UNCLEAR
    listed = _answer(
        any(_alike(found, one) for one in wanted), any(_same(found, one) for one in wanted)
    )
    return listed if condition.operator is Operator.ONE_OF else _opposite(listed)


def _alike(found: object, wanted: object) -> bool:
    """Whether somebody could take one for the other."""
    if isinstance(found, str) and isinstance(wanted, str):
        return _folded(found) == _folded(wanted)
    if isinstance(found, list) and isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(map(_alike, found, wanted))
    numbers = _number(found), _number(wanted)
    return numbers[0] == numbers[1] if None not in numbers else found == wanted


def _same(found: object, wanted: object) -> bool:
    """Whether both are one value, but for capital letters: 1 is not yes, nor “ß” “ss”."""
    if isinstance(found, str) and isinstance(wanted, str):
        return _lowered(found) == _lowered(wanted)
    if isinstance(found, list) and isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(map(_same, found, wanted))
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(
            _same(found[name], wanted[name]) for name in found
        )
    return _alike(found, wanted) and _is_plain_number(found)


def _compared(operator: Operator, found: object, wanted: object) -> Judgement:
    left, right = _number(found), _number(wanted)
    if left is None or right is None:
        return Judgement.UNCLEAR
    outcomes = {
        Operator.ABOVE: left > right,
        Operator.AT_LEAST: left >= right,
        Operator.BELOW: left < right,
        Operator.AT_MOST: left <= right,
    }
    if not _is_plain_number(found):
        return Judgement.UNCLEAR
    return Judgement.YES if outcomes[operator] else Judgement.NO


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def _is_plain_number(value: object) -> bool:
    """Whether everybody reads the same number: “1_0” and digits of other scripts are read apart."""
    return not isinstance(value, str) or _PLAIN_NUMBER.fullmatch(value) is not None


def _folded(value: object) -> str:
    """The text without what hides in it: look-alikes, invisible characters and capitals."""
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(one for one in text if unicodedata.category(one) != "Cf").casefold()


def _lowered(value: object) -> str:
    """The text itself but for capitals; unlike `casefold` it keeps different letters apart."""
    return unicodedata.normalize("NFC", str(value)).lower()


def _is_plain(value: object) -> bool:
    if not isinstance(value, str):
        return True
    is_visible = all(
        unicodedata.category(one) not in ("Cf", "Cc") or one in "\n\t" for one in value
    )
    is_itself = unicodedata.normalize("NFKC", value) == value and not odd_places(value)
    return is_visible and is_itself
