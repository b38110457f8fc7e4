"""An answer's Markdown can format, and can do nothing else to the page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.chat.markdown import render_block
from tests.chat.events import HOSTILE
from tests.chat.page import parse

ALLOWED = {
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"href", "rel", "class", "start"}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**1.31 M**", "<p><strong>1.31 M</strong></p>\n"),
        ("# Head", "<h3>Head</h3>\n"),
        ("![a <b>](http://evil.test/x.png)", "<p>a &lt;b&gt;</p>\n"),
        ("<b onclick=x>raw</b>", "<p>&lt;b onclick=x&gt;raw&lt;/b&gt;</p>\n"),
        ("[l](javascript:alert(1))", "<p>[l](javascript:alert(1))</p>\n"),
        ("[l](data:text/html,x)", "<p>[l](data:text/html,x)</p>\n"),
        ("[l](/accounts/logout/)", "<p>[l](/accounts/logout/)</p>\n"),
        ("Message <id@example.com>", "<p>Message &lt;id@example.com&gt;</p>\n"),
        ("[l](//evil.test)", "<p>[l](//evil.test)</p>\n"),
        (
            "[l](https://example.com)",
            '<p><a href="https://example.com" rel="noopener noreferrer nofollow">l</a></p>\n',
        ),
        ("```sql\nSELECT 1\n```", '<span class="k">SELECT</span>'),
        ("|a|b|\n|-|-:|\n|x|1|", '<td class="number">1</td>'),
    ],
)
def test_markdown_becomes_few_tags(markdown, html):
    assert html in render_block(markdown)


@settings(deadline=None)
@given(st.text(alphabet="<>[]()!`*_|-\n \"'&=/:abhxjsimgscriptonerror", max_size=80))
def test_no_text_makes_other_tags_or_attributes(markdown):
    for node in parse(render_block(f"{markdown}\n")).walk():
        assert node.tag in ALLOWED
        assert set(node.attributes) <= ATTRIBUTES
        assert node.attributes.get("href", "http:").startswith(("http:", "https:"))


def test_hostile_text_stays_text():
    nodes = list(parse(render_block(HOSTILE)).walk())

    assert {node.tag for node in nodes} == {"p"}
    assert "<script>alert(1)</script>" in parse(render_block(HOSTILE)).text
