"""Characters that are not what they look like or are not seen: found, named, made visible."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

# So many odd places of one text are marked; the sentence above the text tells of all.
MOST_MARKED = 1000


class Oddity(StrEnum):
    """Why a character is worth a look."""

    LOOKALIKE = "lookalike"
    HIDDEN = "hidden"
    DIRECTION = "direction"


@dataclass(frozen=True)
class Piece:
    """A part of a text as it is; with an oddity, characters that are odd in the same way."""

    text: str
    oddity: Oddity | None = None

    @property
    def is_seen(self) -> bool:
        return self.oddity in (None, Oddity.LOOKALIKE)

    @property
    def names(self) -> str:
        """Each of its characters once, as "U+0430 CYRILLIC SMALL LETTER A"."""
        return ", ".join(name_of(letter) for letter in dict.fromkeys(self.text))


# Letters of other scripts that most fonts draw like Latin ones.
_FOREIGN = frozenset(
    "асԁеһіјӏорԛѕԝхуүАВСЕНІЈКМОРԚЅТԜХУҮαγικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧոսօցհՍՕԼᎠᎡᎢᎥᎪᎬᎳᎵᎻᏀᏃᏎᏒᏔᏚᏞᏟᏢᏦ"
)
# Signs that look like the slash, dot, at sign, colon and hyphen of an address.
_SIGNS = frozenset(
    "\u2044\u2215\u2024\u3002\uff0e\ufe52\uff20\ufe6b\uff1a\ua789\u02d0\u0589\u2010\u2011"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200d\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_JOINERS = frozenset("\u200c\u200d")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,8}\U000e007f")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]")
_WIDE = re.compile("[\uff01-\uff5e]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TOKEN = re.compile(r"\S+")
_SEPARATOR = re.compile(r"[^\W_](?:[.@\uff0e\u3002\u2024\ufe52\uff20\ufe6b]|://)[^\W_]")


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The text in parts that together are the text, with what is odd in parts of its own."""
    odd = odd_places(text)
    if not odd:
        return (Piece(text),)
    pieces, begin = [], 0
    for first, last in _runs(odd):
        if begin < first:
            pieces.append(Piece(text[begin:first]))
        pieces.append(Piece(text[first : last + 1], odd[first]))
        begin = last + 1
    if begin < len(text):
        pieces.append(Piece(text[begin:]))
    return tuple(pieces)


def odd_places(text: str) -> dict[int, Oddity]:
    """Where in the text something is odd, and in which way."""
    if text.isascii() and _HIDDEN.search(text) is None:
        return {}
    found = dict.fromkeys(_lookalikes(text), Oddity.LOOKALIKE)
    found |= dict.fromkeys((match.start() for match in _DIRECTION.finditer(text)), Oddity.DIRECTION)
    flags = {place for match in _FLAG.finditer(text) for place in range(*match.span())}
    for match in _HIDDEN.finditer(text):
        if match.start() not in flags and not _belongs(text, match.start()):
            found[match.start()] = Oddity.HIDDEN
    return found


@functools.lru_cache(maxsize=1024)
def name_of(letter: str) -> str:
    """The number and the name of a character."""
    name = unicodedata.name(letter, "")
    return f"U+{ord(letter):04X} {name}".strip()


def _runs(odd: dict[int, Oddity]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of neighbours that are odd in the same way."""
    places = enumerate(sorted(odd))
    groups = groupby(places, key=lambda pair: (pair[1] - pair[0], odd[pair[1]]))
    for count, (_key, members) in enumerate(groups):
        if count >= MOST_MARKED:
            return
        run = [place for _index, place in members]
        yield run[0], run[-1]


def _belongs(text: str, place: int) -> bool:
    """Whether a joiner or a selector does its work: in an emoji or a script that needs it."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if "\ufe00" <= text[place] <= "\ufe0f":
        return before != "" and unicodedata.category(before) in {"So", "Sm", "Sk", "Po", "Nd", "Lo"}
    if text[place] not in _JOINERS:
        return False
    return all(one and not one.isascii() and not _LATIN.match(one) for one in (before, after))


def _lookalikes(text: str) -> Iterator[int]:
    yield from (match.start() for match in _STYLED.finditer(text))
    if _EAST_ASIAN.search(text) is None:
        yield from (match.start() for match in _WIDE.finditer(text))
    for match in _WORD.finditer(text):
        if not _FOREIGN.isdisjoint(match.group()) and _LATIN.search(match.group()):
            yield from _among(text, match.span(), _FOREIGN)
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not token.isascii() and _SEPARATOR.search(token) and _is_disguised(token):
            yield from _among(text, match.span(), _FOREIGN | _SIGNS)


def _among(text: str, span: tuple[int, int], letters: frozenset[str]) -> Iterator[int]:
    return (place for place in range(*span) if text[place] in letters)


def _is_disguised(address: str) -> bool:
    """Whether an address has a part that only looks Latin, or a sign that only looks like its own.

    An address that is honestly in another script has letters that look like nothing else.
    """
    if not _SIGNS.isdisjoint(address):
        return True
    return any(set(word) <= _FOREIGN for word in _WORD.findall(address))


def odd_characters(texts: Iterable[str]) -> dict[Oddity, list[str]]:
    """The names of all odd characters of the texts, each once, by why they are odd."""
    found: dict[Oddity, dict[str, None]] = {}
    for text in texts:
        for place, oddity in odd_places(text).items():
            found.setdefault(oddity, {})[text[place]] = None
    return {oddity: [name_of(letter) for letter in letters] for oddity, letters in found.items()}
