"""Ways to go on that a question back offers: figures to rank by, things to rank."""

from atlas.analyst.marks import Mark
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import Rewrite, Unclear
from atlas.semantic.entities import Choice


def vague(reader: Reader, mark: Mark) -> Unclear:
    """The question back for "best", "popular" and the like, with figures to rank by."""
    words = reader.board.said(mark)
    count, direction = mark.value
    top = ("top" if direction == "desc" else "bottom") + (f" {count}" if count else "")
    span = (reader.board.words[mark.start].start, reader.board.words[mark.end - 1].end)
    return Unclear(f"What does “{words}” go by here?", figures(reader), Rewrite(span, top))


def figures(reader: Reader) -> tuple[Choice, ...]:
    """Figures one may rank by around what was named, shown by a phrase " by ..."."""
    names = [mark.ref for mark in reader.roles.entities()]
    found: list[Choice] = []
    for entity in reader.layer.entities:
        for measure in entity.measures:
            path_safe = all(reader.graph.is_safe(entity.name, name) for name in names)
            if path_safe and measure.additive and not measure.filter:
                found.append(
                    Choice(
                        label=f"By {measure.label.lower()}", phrase=f"by {measure.label.lower()}"
                    )
                )
    return tuple(found[:5])


def tops(reader: Reader) -> tuple[Choice, ...]:
    """Things to rank by the layer's first sum of money, or its first figure."""
    layer = reader.layer
    sums = [(m.format != "money", f"{e.name}.{m.name}", m.label) for e in layer.entities
            for m in e.measures if m.additive and not e.snapshot]  # fmt: skip
    if not sums:
        return ()
    _, ref, label = min(sums, key=lambda found: found[0])
    base = ref.partition(".")[0]
    found = []
    for entity in layer.entities:
        if entity.label_column and entity.name != base and reader.graph.is_safe(base, entity.name):
            text = f"{entity.label.lower()} by {label.lower()}"
            found.append(Choice(label=text[:1].upper() + text[1:], phrase=text))
    return tuple(found[:5])


def splits(reader: Reader, measure: str) -> tuple[Choice, ...]:
    """What a figure may be split by: the months, and the things it belongs to."""
    base = reader.layer.entity(measure)
    found = ["month"] if base is not None and base.default_time else []
    for entity in reader.layer.entities:
        if base and entity.label_column and reader.graph.is_safe(base.name, entity.name):
            found.append(entity.label.lower())
    return tuple(Choice(label=f"By {word}", phrase=f"by {word}") for word in found[:5])
