"""Streamed Markdown ends in the same blocks, however it was cut into pieces."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.chat.blocks import Blocks

MARKDOWN_PARTS = [
    *("word", " ", "\n", "\n\n", "- item", "1. item", "```\n", "~~~~", "  indented", "# head"),
    *("| a | b |\n|---|---|\n", "\r\n", "\t", "**b", "ü", "`", "> quote\n"),
]
MARKDOWN = st.lists(
    st.sampled_from(MARKDOWN_PARTS),
    max_size=40,
).map("".join)


def fed(pieces):
    blocks = Blocks()
    for piece in pieces:
        blocks.feed(piece)
    blocks.finish()
    return blocks


@settings(deadline=None)
@given(MARKDOWN, st.data())
def test_any_split_gives_the_same_blocks(markdown, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(markdown)), max_size=12)))
    bounds = [0, *cuts, len(markdown)]
    pieces = [markdown[a:b] for a, b in itertools.pairwise(bounds)]

    assert fed(pieces).closed == fed([markdown]).closed


@settings(deadline=None)
@given(MARKDOWN)
def test_no_letter_is_lost_or_doubled(markdown):
    whole = "".join(fed([markdown]).closed)

    assert "".join(whole.split()) == "".join(markdown.split())


@settings(deadline=None)
@given(MARKDOWN, MARKDOWN)
def test_text_goes_on_after_an_end_as_if_there_had_been_none(first, second):
    cut = Blocks()
    cut.feed(first)
    cut.finish()
    cut.reopen()
    cut.feed(second)
    cut.finish()

    assert cut.closed == fed([first + second]).closed


@pytest.mark.parametrize(
    ("markdown", "closed"),
    [
        ("one\n\ntwo", ["one\n", "two"]),
        ("one\ntwo\n\n\n\nthree\n", ["one\ntwo\n", "three\n"]),
        ("```\na\n\nb\n```\n\nafter", ["```\na\n\nb\n```\n", "after"]),
        ("```\na\n\nb", ["```\na\n\nb"]),
        ("~~~\n```\n\n~~~\n\nx", ["~~~\n```\n\n~~~\n", "x"]),
        ("1. a\n\n2. b\n\nx\n", ["1. a\n\n2. b\n\n", "x\n"]),
        ("- a\n\n  more\n\nx\n", ["- a\n\n  more\n\n", "x\n"]),
        ("x\r\n\r\ny", ["x\n", "y"]),
        (" \n\n\t\n", []),
        ("", []),
    ],
)
def test_blocks_end_at_blank_lines_outside_fences_and_lists(markdown, closed):
    assert fed([markdown]).closed == closed


def test_what_is_open_is_the_text_after_the_last_block():
    blocks = Blocks()

    assert blocks.feed("one\n\ntw") == ["one\n"]
    assert blocks.open == "tw"
    assert blocks.finish() == ["tw"]
    assert blocks.open == ""
    assert blocks.finish() == []
