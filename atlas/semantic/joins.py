"""Ways from one entity to others over declared joins, the fewest multiplying edges first."""

import heapq
from dataclasses import dataclass

from atlas.semantic.layer import SemanticLayer


@dataclass(frozen=True)
class Step:
    """One join from `start` to `end`; `many` when one row may meet several rows."""

    start: str
    end: str
    keys: tuple[tuple[str, str], ...]
    many: bool


Path = tuple[Step, ...]


class JoinGraph:
    """The declared joins of a layer, walkable in both directions."""

    def __init__(self, layer: SemanticLayer) -> None:
        self._steps: dict[str, list[Step]] = {entity.name: [] for entity in layer.entities}
        self._paths: dict[str, dict[str, Path]] = {}
        for entity in layer.entities:
            for join in entity.joins:
                if join.to not in self._steps:
                    continue
                keys = tuple(join.keys.items())
                back = tuple((there, here) for here, there in keys)
                to_many = join.cardinality == "one_to_many"
                from_many = join.cardinality == "many_to_one"
                self._steps[entity.name].append(Step(entity.name, join.to, keys, to_many))
                self._steps[join.to].append(Step(join.to, entity.name, back, from_many))

    def paths_from(self, base: str) -> dict[str, Path]:
        """The best path to each entity that can be reached, `base` itself with no step.

        Paths share their beginnings, so that joining several of them joins each entity once.
        """
        if base not in self._paths:
            self._paths[base] = self._search(base)
        return self._paths[base]

    def _search(self, base: str) -> dict[str, Path]:
        found: dict[str, Path] = {}
        serial = 0
        heap: list[tuple[int, int, int, str, Path]] = [(0, 0, 0, base, ())]
        while heap:
            many, length, _, name, path = heapq.heappop(heap)
            if name in found:
                continue
            found[name] = path
            for step in self._steps.get(name, ()):
                if step.end not in found:
                    serial += 1
                    cost = (many + step.many, length + 1, serial)
                    heapq.heappush(heap, (*cost, step.end, (*path, step)))
        return found

    def path(self, base: str, target: str) -> Path | None:
        """The best path, or None when no declared joins lead there."""
        return self.paths_from(base).get(target)

    def is_safe(self, base: str, target: str) -> bool:
        """Whether the target can be joined without multiplying the base's rows."""
        path = self.path(base, target)
        return path is not None and not any(step.many for step in path)
