"""Characters that deceive are found and made visible; honest text in any script is left alone."""
# ruff: noqa: RUF001 - such characters are what is tested

import time

import pytest
from django.template import Context, Template

from approvals.cards.card import render_card
from approvals.cards.lookalikes import MOST_MARKED, Oddity, odd_characters, pieces_of
from tests.approvals.desk import propose

A = "U+0430 CYRILLIC SMALL LETTER A"
HONEST = [
    "Restock Chai",
    "naïve café, Ångström, Łódź, İstanbul",
    "Привет мир",
    "Пишу из Python сегодня",
    "Η Ελλάδα και το Excel",
    "5 μm, 3 kΩ, Δt",
    "тест.рф",
    "почта@пример.рф",
    "東京ＡＢＣ 2026",
    "한국어 text",
    "می‌خواهم",
    "क्‍ष",
    "👨‍👩‍👧 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "line\nnext\ttab\r\n",
    "2020–2021 — “quoted”",
    "é",
    "",
]
DECEIVING = [
    ("pаypal.com", Oddity.LOOKALIKE, [A]),
    ("Invoice for Аmazon", Oddity.LOOKALIKE, ["U+0410 CYRILLIC CAPITAL LETTER A"]),
    ("ѕсоре.com", Oddity.LOOKALIKE, None),
    ("ann@ехаре.com", Oddity.LOOKALIKE, None),
    ("https://example․com", Oddity.LOOKALIKE, ["U+2024 ONE DOT LEADER"]),
    ("user＠example.com", Oddity.LOOKALIKE, ["U+FF20 FULLWIDTH COMMERCIAL AT"]),
    ("𝐇ello", Oddity.LOOKALIKE, ["U+1D407 MATHEMATICAL BOLD CAPITAL H"]),
    ("αdmin", Oddity.LOOKALIKE, ["U+03B1 GREEK SMALL LETTER ALPHA"]),
    ("zero\u200bwidth", Oddity.HIDDEN, ["U+200B ZERO WIDTH SPACE"]),
    ("a\u200db", Oddity.HIDDEN, ["U+200D ZERO WIDTH JOINER"]),
    ("so\u00adft", Oddity.HIDDEN, ["U+00AD SOFT HYPHEN"]),
    ("hi\U000e0041", Oddity.HIDDEN, ["U+E0041 TAG LATIN CAPITAL LETTER A"]),
    ("x\U000e0101y", Oddity.HIDDEN, ["U+E0101 VARIATION SELECTOR-18"]),
    ("a\ufe01b", Oddity.HIDDEN, ["U+FE01 VARIATION SELECTOR-2"]),
    ("\u3164", Oddity.HIDDEN, ["U+3164 HANGUL FILLER"]),
    ("bell\x07", Oddity.HIDDEN, ["U+0007"]),
    ("\u202egpj.exe", Oddity.DIRECTION, ["U+202E RIGHT-TO-LEFT OVERRIDE"]),
    ("a\u2066b\u2069", Oddity.DIRECTION, None),
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_left_alone(text):
    assert odd_characters([text]) == {}
    assert [piece.text for piece in pieces_of(text)] == [text]


@pytest.mark.parametrize(("text", "oddity", "names"), DECEIVING)
def test_what_deceives_is_found_and_nothing_is_lost(text, oddity, names):
    found = odd_characters([text])

    assert list(found) == [oddity]
    assert names is None or found[oddity] == names
    assert "".join(piece.text for piece in pieces_of(text)) == text


def test_each_character_is_named_once_over_all_texts():
    assert odd_characters(["pаy", "pаyраl", "pаy"])[Oddity.LOOKALIKE] == [
        A,
        "U+0440 CYRILLIC SMALL LETTER ER",
    ]


def test_neighbours_are_one_piece():
    text = "a" + "\u200b" * 5000 + "b"

    assert [len(piece.text) for piece in pieces_of(text)] == [1, 5000, 1]


def test_marks_have_a_limit_and_the_text_has_none():
    text = "пpивет " * (MOST_MARKED + 50)
    pieces = pieces_of(text)

    assert "".join(piece.text for piece in pieces) == text
    assert sum(piece.oddity is not None for piece in pieces) == MOST_MARKED


@pytest.mark.parametrize("part", ["ä", "\u200b", "x.\u0430", "а", "a\u200b", "::/", "ä."])
def test_long_texts_take_time_in_proportion(part):
    """A long text is read once; what grows with its square would take hours."""
    begin = time.process_time()
    pieces_of(part * (200_000 // len(part)))

    assert time.process_time() - begin < 30


def drawn(text):
    return Template("{% load oddities %}{{ text|visible }}").render(Context({"text": text}))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>", "&lt;b&gt;"),
        ("pаy", f'p<mark class="odd lookalike" title="{A}">а</mark>y'),
        (
            "a\u200bb",
            'a<mark class="odd hidden" title="U+200B ZERO WIDTH SPACE">[U+200B]</mark>b',
        ),
        (
            "\u202e<",
            '<mark class="odd direction" title="U+202E RIGHT-TO-LEFT OVERRIDE">[U+202E]</mark>&lt;',
        ),
    ],
)
def test_they_are_made_visible(text, html):
    assert drawn(text) == html


def test_many_hidden_ones_are_counted():
    assert "[U+200B U+200B U+200B and 7 more]" in drawn("\u200b" * 10)


@pytest.mark.django_db
def test_the_card_says_so_once_and_marks_each_place(run_of_ann, ann):
    request = propose(run_of_ann, title="Restock Chаi", body="Chаi\u200b for pаypal.com")
    card = render_card(request, ann)

    assert card.count(f"Some letters are not the ones that they look like: {A}.") == 1
    assert card.count("It holds characters that are not seen: U+200B ZERO WIDTH SPACE.") == 1
    assert card.count('<mark class="odd lookalike"') >= 4
    assert "[U+200B]" in card
    assert "\u200b" not in card


@pytest.mark.django_db
def test_a_card_without_oddities_says_nothing(run_of_ann, ann):
    card = render_card(propose(run_of_ann), ann)

    assert ("<mark" in card, "look like" in card) == (False, False)
