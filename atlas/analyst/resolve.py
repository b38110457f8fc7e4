"""Candidates of equal wording: which of several dimensions or values is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.analyst.lexicon import Link
from atlas.analyst.marks import Board, Mark
from atlas.analyst.roles import Roles
from atlas.analyst.stops import Rewrite, Unclear
from atlas.semantic.entities import Choice
from atlas.semantic.joins import JoinGraph
from atlas.semantic.layer import SemanticLayer

_NEAR = 4
_BETWEEN = {"in", "from", "of", "the", "with", "a", "an", "are", "is", "located", "based", "whose",
            "for", "to", "by", "our", "called", "named", "and", "or", ","}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """What the later stages share: the board, the layer, its joins and the roles."""

    board: Board
    layer: SemanticLayer
    graph: JoinGraph
    roles: Roles

    def choose(self, mark: Mark, bases: Sequence[str]) -> Link:
        """The candidate that fits best around the entities `bases` that are measured or listed.

        In order: an entity named beside it, then one that needs no multiplying join, then the
        declared priority, then the shorter way. Raises Unclear when two stay equal.
        """
        kind = mark.choices[0].kind
        links = [link for link in mark.choices if link.kind == kind]
        scored = sorted(
            ((self._score(mark, link, bases), link) for link in links), key=lambda pair: pair[0],
            reverse=True,
        )  # fmt: skip
        best = scored[0]
        equal = [link for score, link in scored if score == best[0] and link.ref != best[1].ref]
        if equal:
            raise self._ask(mark, [best[1], *equal])
        return best[1]

    def _score(self, mark: Mark, link: Link, bases: Sequence[str]) -> tuple[int, int, int, int]:
        entity = link.ref.partition(".")[0]
        named = self._named_beside(mark, link, entity, bases)
        if self._is_next(mark, entity):
            named = 4
        safe, distance = 0, 0
        for base in bases[:1]:
            path = self.graph.path(base, entity)
            if path is None:
                return (named, -2, link.priority, -99)
            safe = -1 if any(step.many for step in path) else 0
            distance = -len(path)
        return (named, safe, link.priority, distance)

    def _is_next(self, mark: Mark, entity: str) -> bool:
        """Whether "German" stands before "suppliers" where customers are named as well."""
        following = self.board.at(mark.end)
        if following is None or following.kind != "entity" or following.ref != entity:
            return False
        others = {m.ref for m in self.roles.entities()} - {entity}
        return bool(others & {choice.ref.partition(".")[0] for choice in mark.choices})

    def _named_beside(self, mark: Mark, link: Link, entity: str, bases: Sequence[str]) -> int:
        """3 for its own dimension named beside it, 2 for its entity right there, 1 for near.

        The entity that is measured or listed is always named; that says nothing.
        """
        best = 0
        for other in self.board.marks("dimension", "entity"):
            if other is mark or not self.beside(mark, other):
                continue
            if other.kind == "dimension" and link.kind == "value":
                if any(choice.ref == link.ref for choice in other.choices):
                    best = max(best, 3)
            elif other.kind == "entity" and other.ref == entity and entity not in bases:
                best = max(best, 2)
        if best or entity in bases:
            return best
        return int(any(m.ref == entity for m in self.roles.entities()))

    def beside(self, mark: Mark, other: Mark) -> bool:
        """Whether only joining words and other conditions stand between two marks."""
        low, high = sorted((mark, other), key=lambda m: m.start)
        free = set(self.board.between(low.end, high.start))
        kinds = {found.kind for i in range(low.end, high.start) if (found := self.board.at(i))}
        return len(free) <= _NEAR and free <= _BETWEEN and kinds <= {"value", "boolean"}

    def _ask(self, mark: Mark, links: Sequence[Link]) -> Unclear:
        words = self.board.said(mark)
        span = (self.board.words[mark.start].start, self.board.words[mark.end - 1].end)
        choices = tuple(self._choice(link, words) for link in links[:5])
        return Unclear(f"What do you mean by “{words}”?", choices, Rewrite(span))

    def _choice(self, link: Link, words: str) -> Choice:
        entity = self.layer.entity(link.ref)
        dimension = self.layer.dimension(link.ref)
        if entity is None or dimension is None:
            return Choice(label=link.ref, phrase=words)
        name = f"{entity.label.lower().removesuffix('s')} {dimension.name.replace('_', ' ')}"
        label = dimension.label if link.kind == "dimension" else f"{dimension.label} {link.value}"
        phrase = name if link.kind == "dimension" else f"{name} {link.value}"
        return Choice(label=label, phrase=phrase)
