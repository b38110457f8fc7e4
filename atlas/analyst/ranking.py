"""Rankings without a named figure: by the verb, by what is counted, by a default, or asked."""

from atlas.analyst.choices import figures, tops, vague
from atlas.analyst.marks import Mark
from atlas.analyst.measured import Subject, count_measure, extreme, label_of, verb_measures
from atlas.analyst.resolve import Reader
from atlas.analyst.stops import Rewrite, Unclear
from atlas.semantic.entities import Choice
from atlas.semantic.query import Assumption


def ranked(reader: Reader, found: Subject) -> None:
    """ "top customers", "customers ordered most": by the verb, else by the declared default."""
    roles = reader.roles
    if roles.rank is None or not (roles.subject or roles.plain or roles.groups or roles.grain):
        if roles.rank is not None:
            raise Unclear("The top of what, and by which figure?", tops(reader))
        return
    if _by_extreme(reader, found):
        return
    by_count = _split_that_ranks(reader)
    if roles.rank.kind == "vague" and by_count is None:
        raise vague(reader, roles.rank)
    refs = verb_measures(reader) or ([by_count] if by_count else [])
    if refs:
        found.measures, found.order = [refs[0]], refs[0]
        return
    subject = roles.subject or next(iter(roles.plain), None)
    is_entity = subject is not None and subject.kind == "entity"
    entity = reader.layer.entity(subject.ref) if subject and is_entity else None
    ref = entity.default_measure if entity else None
    owner = reader.layer.entity(ref) if ref else None
    own_count = entity is not None and ref == count_measure(entity)
    if not ref or own_count or (owner is not None and owner.snapshot):
        raise vague(reader, roles.rank)
    label = label_of(reader, ref)
    found.measures, found.order = [ref], ref
    found.assumptions.append(Assumption(key="ranked_by", text=f"ranked by {label.lower()}"))


def _by_extreme(reader: Reader, found: Subject) -> bool:
    """ "what is the longest distance": the highest value itself, in all or in each group."""
    roles = reader.roles
    mark = roles.subject
    if roles.rank is None or roles.rank.kind != "top" or mark is None or mark.kind != "dimension":
        return False
    ref = reader.choose(mark, [m.ref for m in roles.entities()]).ref
    owner = next((m for m in roles.plain if m.ref == ref.partition(".")[0]), None)
    dimension = reader.layer.dimension(ref)
    if owner is not None and dimension is not None and dimension.type == "number":
        # "The product with the most units in stock" asks which product, and not how many units.
        roles.plain.remove(owner)
        roles.subject, found.listed, found.order = owner, owner.ref, ref
        return True
    highest = extreme(reader, ref)
    if highest is None:
        return False
    found.measures, roles.subject = [highest], None
    if roles.rank.value[0] is None:
        # Each group has a highest value, so all of them are shown.
        roles.rank = None
    else:
        found.order = highest
    return True


def _split_that_ranks(reader: Reader) -> str | None:
    """ "worst month by orders": what happens is counted, so "by" names what to rank by."""
    roles = reader.roles
    if roles.subject is None and roles.grain is None:
        return None
    for mark in roles.groups:
        entity = reader.layer.entity(mark.ref) if mark.kind == "entity" else None
        if entity is not None and entity.verbs and entity.default_time:
            roles.groups.remove(mark)
            return count_measure(entity)
    return None


def ask_direction(reader: Reader, ref: str) -> None:
    """ "Worst by late rate": of a rate or a time nobody said which end is the good one."""
    rank = reader.roles.rank
    known = reader.layer.measure(ref) or reader.layer.metric(ref)
    if rank is None or rank.kind != "vague" or known is None:
        return
    if known.format not in ("percent", "days"):
        return
    label = known.label.lower()
    count = f" {rank.value[0]}" if rank.value[0] else ""
    board = reader.board
    span = (board.words[rank.start].start, board.words[rank.end - 1].end)
    choices = (
        Choice(label=f"The highest {label}", phrase=f"top{count}"),
        Choice(label=f"The lowest {label}", phrase=f"bottom{count}"),
    )
    raise Unclear(f"What does “{board.said(rank)}” mean here?", choices, Rewrite(span))


def rank_listed(reader: Reader, found: Subject) -> None:
    verbs = verb_measures(reader)
    if not verbs:
        raise vague(reader, reader.roles.rank or reader.board.marks()[0])
    found.measures, found.order, found.listed = [verbs[0]], verbs[0], None


def by_adjective(reader: Reader, found: Subject, mark: Mark) -> None:
    ref = mark.ref
    _refuse_of_another(reader, mark)
    found.order = ref
    if reader.layer.dimension(ref) is None:
        if ref not in found.measures:
            found.measures.insert(0, ref)
    elif not found.measures:
        found.listed = ref.partition(".")[0]


def _refuse_of_another(reader: Reader, mark: Mark) -> None:
    """ "Which shipper is the cheapest": the word has a meaning for products only, so ask."""
    words = reader.board.said(mark).casefold()
    meant = {
        adjective.entity
        for adjective in reader.layer.adjectives
        if adjective.by == mark.ref
        and words in {text.casefold() for text in (adjective.word, *adjective.synonyms)}
    }
    named = {found.ref for found in reader.roles.entities()}
    if named and meant and None not in meant and not meant & named:
        top = "top" if mark.value.value == "desc" else "bottom"
        board = reader.board
        span = (board.words[mark.start].start, board.words[mark.end - 1].end)
        raise Unclear(
            f"What does “{board.said(mark)}” go by here?", figures(reader), Rewrite(span, top)
        )
