"""Questions as words: folded for comparison, with their places in the text kept."""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(
    r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"  # an address
    r"|\d{4}-\d{2}-\d{2}"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|[$€£]?\d+(?:,\d{3})*(?:\.\d+)?(?:[kKmM]\b|%)?"
    r"|[<>]=?"
    r"|[^\W_]+(?:['\u2019][^\W_]+)*"
    r"|,|;|\+|&"
)
_CONTRACTED = {
    "what's": "what is", "who's": "who is", "where's": "where is", "how's": "how is",
    "let's": "let us", "don't": "do not", "doesn't": "does not", "didn't": "did not",
    "haven't": "have not", "hasn't": "has not", "hadn't": "had not", "aren't": "are not",
    "isn't": "is not", "weren't": "were not", "wasn't": "was not", "won't": "will not",
    "can't": "can not", "couldn't": "could not", "i'd": "i would", "we've": "we have",
    "i'm": "i am", "that's": "that is", "there's": "there is", "we're": "we are",
}  # fmt: skip
NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50,
    "hundred": 100, "dozen": 12,
}  # fmt: skip
_IRREGULAR = {
    "people": "person", "persons": "person", "staff": "staff", "series": "series", "is": "is",
    "was": "was", "has": "has", "this": "this", "us": "us", "as": "as", "does": "does",
    "his": "his", "its": "its", "sales": "sales", "always": "always", "days": "day",
    "plus": "plus", "minus": "minus", "versus": "versus", "vs": "vs", "less": "less",
    "across": "across", "status": "status", "bus": "bus", "yes": "yes", "goods": "goods",
    "analysis": "analysis", "q1s": "q1", "axes": "axis", "men": "man", "women": "woman",
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word: folded `text`, its singular `lemma`, and where it stands in the question."""

    text: str
    lemma: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case without accents and typographic quotes: "Côte" and "cote" are equal."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def split(question: str) -> list[Word]:
    """The words of a question in order; hyphens separate, addresses and dates stay whole."""
    words: list[Word] = []
    for match in _WORD.finditer(question):
        text = fold(match.group())
        for part in _CONTRACTED.get(text, text.removesuffix("'s").removesuffix("s'")).split():
            words.append(Word(part, lemma(part), match.start(), match.end()))
    return words


def lemma(word: str) -> str:
    """The singular of a folded noun; other words as they are."""
    known = _IRREGULAR.get(word)
    if known is not None:
        return known
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def lemmas(phrase: str) -> tuple[str, ...]:
    """The lemmas of a phrase, the form in which phrases are compared."""
    return tuple(word.lemma for word in split(phrase))


_DOUBLING = re.compile(r"[^aeiou][aeiou][bdgmnprt]")
_PAST = {
    "buy": "bought", "sell": "sold", "spend": "spent", "make": "made", "bring": "brought",
    "pay": "paid", "take": "took", "get": "got", "give": "gave", "send": "sent", "go": "went",
    "grow": "grew", "have": "had", "do": "did", "see": "saw", "write": "wrote", "hold": "held",
    "fly": "flew", "leave": "left", "begin": "began", "build": "built", "choose": "chose",
    "drive": "drove", "eat": "ate", "fall": "fell", "keep": "kept", "lend": "lent", "meet": "met",
    "rise": "rose", "rent": "rented", "lose": "lost",
    "win": "won", "find": "found", "run": "ran", "come": "came",
}  # fmt: skip


def verb_forms(verb: str) -> tuple[str, ...]:
    """The forms of a verb, a particle kept: "bring in" -> "brought in", "bringing in"..."""
    first, _, rest = fold(verb).partition(" ")
    tail = f" {rest}" if rest else ""
    stem = first[:-1] if first.endswith("e") else first
    if len(first) <= 4 and _DOUBLING.fullmatch(first[-3:]):
        stem = first + first[-1]
    regular = (
        stem[:-1] + "ied" if stem.endswith("y") and stem[-2:-1] not in "aeiou" else stem + "ed"
    )
    past = _PAST.get(first, regular)
    forms = dict.fromkeys((first, f"{first}s", past, f"{stem}ing"))
    return tuple(form + tail for form in forms)


MOST_DIGITS = 20
_NUMBER = re.compile(r"[$€£]?(\d[\d,]*(?:\.\d+)?)([km%]?)")


def number(text: str) -> float | None:
    """The number a word stands for: "1,200", "$5k", "three"; None when it is none."""
    if text in NUMBER_WORDS:
        return float(NUMBER_WORDS[text])
    match = _NUMBER.fullmatch(text) if len(text) <= MOST_DIGITS else None
    if match is None:
        return None
    value = float(match[1].replace(",", ""))
    return value * {"k": 1e3, "m": 1e6, "%": 0.01, "": 1.0}[match[2]]
