"""A page that swaps fragments in as htmx does, so that tests can compare what a reader sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "img", "meta", "link", "path", "rect", "circle"}


@dataclass(eq=False)
class Node:
    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None

    def append(self, child: Node | str) -> None:
        if isinstance(child, Node):
            child.parent = self
        elif self.children and isinstance(self.children[-1], str):
            self.children[-1] += child
            return
        if child != "":
            self.children.append(child)

    def find(self, element_id: str) -> Node | None:
        return next((n for n in self.walk() if n.attributes.get("id") == element_id), None)

    def walk(self):
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, tag: str) -> list[Node]:
        return [node for node in self.walk() if node.tag == tag]

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    @property
    def html(self) -> str:
        inner = "".join(escape(c) if isinstance(c, str) else c.html for c in self.children)
        if not self.tag:
            return inner
        attributes = "".join(f' {k}="{escape(v)}"' for k, v in sorted(self.attributes.items()))
        return f"<{self.tag}{attributes}>{inner}</{self.tag}>"


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._at = Node()

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._at.append(node)
        if tag not in VOID:
            self._at = node

    def handle_startendtag(self, tag, attrs):
        self._at.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self._at.tag == tag, f"</{tag}> closes <{self._at.tag}>"
        self._at = self._at.parent

    def handle_data(self, data):
        self._at.append(data)


def parse(html: str) -> Node:
    """The tree of a fragment; fails when an element is not closed."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder._at is builder.root, f"<{builder._at.tag}> is not closed"
    return builder.root


def roots(html: str) -> list[Node]:
    """The outermost elements of a fragment."""
    return [child for child in parse(html).children if isinstance(child, Node)]


def swap(page: Node, message: str) -> None:
    """Do what the message of a socket says; fails when something is not on the page."""
    for fragment in roots(message):
        how, _, where = fragment.attributes.pop("hx-swap-oob").partition(":#")
        target = page.find(where or fragment.attributes["id"])
        assert target is not None, f"{where or fragment.attributes} is not on the page"
        new = [fragment] if how == "true" else fragment.children
        _place(how, target, list(new))


def _place(how: str, target: Node, new: list[Node | str]) -> None:
    if how == "beforeend":
        for child in new:
            target.append(child)
        return
    if how == "innerHTML":
        target.children = []
        _place("beforeend", target, new)
        return
    if how == "afterbegin":
        _place("beforeend", target, new)
        target.children = [*target.children[-len(new) :], *target.children[: -len(new)]]
        return
    around = target.parent
    assert around is not None
    at = around.children.index(target)
    keep = [target] if how == "beforebegin" else []
    before = [target] if how == "afterend" else []
    for child in new:
        if isinstance(child, Node):
            child.parent = around
    around.children[at : at + 1] = [] if how == "delete" else [*before, *new, *keep]
