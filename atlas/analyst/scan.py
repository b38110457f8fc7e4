"""The scan that gives each mark its role, from left to right."""

from atlas.analyst.lexicon import Link
from atlas.analyst.marks import Board, Mark
from atlas.analyst.roles import Roles, Threshold

_JOINTS = {"and", ",", "or", "then", "&", "+", ";", "nor"}
_DROPPED = {"a", "an", "the", "of", "our", "all", "in", "from", "to", "for", "with", "both"}


class Scanner:
    """Reads the marks of a board once, remembering the operators that wait for an operand."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.roles = Roles()
        self._waiting: dict[str, Mark] = {}
        self._last_end = 0
        self._last_role = ""
        self._negated = False

    def scan(self) -> Roles:
        """The roles of all marks."""
        for mark in self.board.marks():
            handler = getattr(self, f"_on_{mark.kind}", None)
            if handler is None:
                self._waits(mark)
            else:
                handler(mark)
            self._last_end = mark.end
        return self.roles

    def _gap(self, mark: Mark) -> list[str]:
        return self.board.between(self._last_end, mark.start)

    def _adjoins(self, mark: Mark, role: str) -> bool:
        """Whether the mark goes on a list begun by a mark of the same role ("by A and B")."""
        gap = self._gap(mark)
        joined = bool(gap) and set(gap) <= (_JOINTS | _DROPPED) and bool(set(gap) & _JOINTS)
        return joined and self._last_role == role

    def _waits(self, mark: Mark) -> None:
        self._waiting[mark.kind] = mark
        self.roles.flags.setdefault(mark.kind, mark)
        self._last_role = mark.kind

    def _take(self, kind: str) -> Mark | None:
        return self._waiting.pop(kind, None)

    def _on_number(self, mark: Mark) -> None:
        self.roles.numbers.append(mark)

    def _on_list(self, mark: Mark) -> None:
        self._waits(mark)

    def _on_top(self, mark: Mark) -> None:
        self.roles.rank = self.roles.rank or mark
        self._waits(mark)

    def _on_vague(self, mark: Mark) -> None:
        rank = self.roles.rank
        if self._last_role == "verb" and not self._gap(mark):
            self.roles.rank = Mark("top", mark.start, mark.end, mark.value)
            return
        if rank is not None and rank.end == mark.start:
            self._take("top")
            mark = Mark("vague", rank.start, mark.end, rank.value)
            self.roles.rank = mark
        self.roles.rank = self.roles.rank or mark
        self._waits(mark)

    def _on_adjective(self, mark: Mark) -> None:
        top = self._take("top")
        if top is not None:
            mark = self._flavoured(mark, top)
        self.roles.adjective = mark
        self._waits(mark)

    def _flavoured(self, mark: Mark, top: Mark) -> Mark:
        """ "top 5 cheapest" keeps the 5; "least expensive" turns the direction around."""
        link: Link = mark.value
        if self.board.text(top.end - 1) == "least":
            other = "asc" if link.value == "desc" else "desc"
            link = Link(link.kind, link.ref, other, link.priority)
        return Mark("adjective", mark.start, mark.end, link, mark.choices)

    def _on_threshold(self, mark: Mark) -> None:
        operand = self._named_just_before(mark)
        self.roles.thresholds.append(Threshold(mark, operand))
        self._waits(mark)
        if operand is not None:
            self._take("threshold")

    def _named_just_before(self, mark: Mark) -> Mark | None:
        """The figure or column right before a threshold, taken from those to be shown."""
        if not set(self._gap(mark)) <= {"of", "is", "are", "was", "were"}:
            return None
        for named in (self.roles.measures, self.roles.columns):
            if named and named[-1].end == self._last_end and not self._has_operand(mark):
                if named[-1] is self.roles.order:
                    self.roles.order = None
                return named.pop()
        return None

    def _has_operand(self, mark: Mark) -> bool:
        """Whether a figure or thing follows a threshold at once: "over 5 orders"."""
        following = self.board.at(mark.end)
        return following is not None and following.kind in ("measure", "entity", "dimension")

    def _on_time(self, mark: Mark) -> None:
        self.roles.times.append(mark)
        self._waiting.pop("by", None)
        self._last_role = "time"

    def _on_grain(self, mark: Mark) -> None:
        by = self._take("by")
        self._remember_each(by, mark)
        if self.roles.grain is None or self.roles.per is mark:
            self.roles.grain = mark
        ranked = self._take("list") is not None or self._take("top") is not None
        if ranked and by is None and self.roles.subject is None:
            self.roles.subject = mark
        self._last_role = "group"

    def _remember_each(self, by: Mark | None, mark: Mark) -> None:
        """ "per customer" may be what an average is taken over."""
        said = [self.board.text(i) for i in range(by.start, by.end)] if by else []
        if self.roles.per is None and {"per", "each", "every"} & set(said):
            self.roles.per = mark

    def _on_trend(self, mark: Mark) -> None:
        self.roles.flags["trend"] = mark
        self._waiting.pop("by", None)

    def _on_measure(self, mark: Mark) -> None:
        if self._close_threshold(mark):
            return
        if self._adjoins(mark, "name") and self.roles.plain:
            self.roles.measures.append(self.roles.plain.pop())
        ranking = self._take("top") or self._take("vague")
        by = self._take("by")
        rank = self.roles.rank
        if ranking is not None or (by is not None and (rank is not None or self._is_ranked())):
            self.roles.order = self.roles.order or mark
        self.roles.measures.append(mark)
        for waiting in ("count", "amount", "list"):
            self._take(waiting)
        self._last_role = "measure"

    def _is_ranked(self) -> bool:
        return self.roles.subject is not None or bool(self.roles.plain)

    def _close_threshold(self, mark: Mark) -> bool:
        """Gives a threshold just before the mark, or with "of" between, its operand."""
        waiting = self._waiting.get("threshold")
        if waiting is None or not set(self._gap(mark)) <= {"of", "in", "worth"}:
            return False
        if waiting.end + len(self._gap(mark)) != mark.start:
            return False
        self._take("threshold")
        self.roles.thresholds[-1].operand = mark
        self._last_role = "threshold operand"
        return True

    def _on_entity(self, mark: Mark) -> None:
        if self._close_threshold(mark):
            return
        if self._ranks_by_count(mark):
            return
        by = self._splitting(mark)
        if by is not None or self._adjoins(mark, "group"):
            self._remember_each(by, mark)
            self._group(mark)
        elif self._adjoins(mark, "measure"):
            self.roles.measures.append(mark)
        elif self._take("neg") is not None:
            self.roles.missing.append(mark)
            self._last_role = "missing"
        elif self._counts():
            self.roles.counted = mark
            self._last_role = "counted"
        elif self._is_owned(mark):
            self.roles.owned.append(mark)
            self._last_role = "owned"
        else:
            self._name(mark)

    def _splitting(self, mark: Mark) -> Mark | None:
        """The "by" that splits by a thing; in "how many orders were placed by customers in
        Germany" they did it, and split nothing."""
        by = self._take("by")
        asked = self.roles.counted is not None or "amount" in self.roles.flags
        if by is None or not asked:
            return by
        verb = self.board.at(by.start - 1)
        word = self.board.text(by.start - 1)
        done = word.endswith(("ed", "en", "ade")) and (verb is None or verb.kind == "verb")
        after = self.board.at(mark.end + 1) or self.board.at(mark.end)
        some = after is not None and after.kind in ("value", "boolean")
        return None if done and some else by

    def _ranks_by_count(self, mark: Mark) -> bool:
        """ "... by number of customers" goes by their count and splits nothing."""
        by, count = self._waiting.get("by"), self._waiting.get("count")
        if by is None or count is None or by.end > count.start:
            return False
        self._take("by")
        self._take("count")
        self.roles.measures.append(mark)
        if self.roles.rank is not None or self._is_ranked():
            self.roles.order = self.roles.order or mark
        self._last_role = "measure"
        return True

    def _counts(self) -> bool:
        wanted = "count" in self._waiting or "share" in self._waiting
        if not wanted or self.roles.counted is not None:
            return False
        for waiting in ("count", "share", "list"):
            self._take(waiting)
        return True

    def _is_owned(self, mark: Mark) -> bool:
        """ "customers with orders": those of which there are rows of another thing."""
        about = self.roles.counted or self.roles.subject or next(iter(self.roles.plain), None)
        gap = self._gap(mark)
        asked = about is not None and about.kind == "entity" and about.ref != mark.ref
        asked = asked and not (self.roles.measures or self.roles.groups or self.roles.owned)
        follows = self.board.at(mark.end)
        limited = follows is not None and follows.kind in ("value", "boolean")
        return bool(asked and gap and gap[-1] in ("with", "have", "had", "has")) and not limited

    def _group(self, mark: Mark) -> None:
        self.roles.groups.append(mark)
        self._last_role = "group"

    def _name(self, mark: Mark) -> None:
        ranking = self._take("top") or self._take("vague") or self._take("adjective")
        listing = self._take("list")
        if ranking is not None and self.roles.subject is None and self._is_had(ranking):
            self.roles.subject = self.roles.plain.pop()
        if ranking is not None and self.roles.subject is not None:
            self.roles.order = self.roles.order or mark
        elif (ranking is not None or listing is not None) and self.roles.subject is None:
            self.roles.subject = mark
        else:
            self.roles.plain.append(mark)
        self._last_role = "name"

    def _is_had(self, ranking: Mark) -> bool:
        """ "the customer with the most orders": the customers are ranked, by their orders."""
        had = self.roles.plain and self.roles.plain[-1].kind == "entity"
        gap = self.board.between(self.roles.plain[-1].end, ranking.start) if had else []
        return bool({"with", "having", "has", "have"} & set(gap)) and ranking.kind == "top"

    def _on_dimension(self, mark: Mark) -> None:
        if self._close_threshold(mark):
            return
        if self._ranks_by_column(mark):
            return
        if self._take("by") is not None or self._adjoins(mark, "group"):
            self._group(mark)
            return
        if self._waiting.get("count") is not None and not self._gap(mark):
            self.roles.counted_column = mark
            return
        named = self._take("list") or self._waiting.get("top") or self._waiting.get("vague")
        if named is not None and self.roles.subject is None:
            self._take("top")
            self.roles.subject = mark
        elif self._take("top") is not None:
            self.roles.order = self.roles.order or mark
        else:
            self.roles.columns.append(mark)
        self._last_role = "dimension"

    def _ranks_by_column(self, mark: Mark) -> bool:
        """ "top 5 products by price" goes by a column of theirs and splits nothing."""
        rank, subject = self.roles.rank, self.roles.subject
        if rank is None or subject is None or subject.kind != "entity" or self.roles.order:
            return False
        own = [link for link in mark.choices if link.ref.partition(".")[0] == subject.ref]
        if not own or own[0].value != "number" or self._take("by") is None:
            return False
        self.roles.order = Mark("dimension", mark.start, mark.end, own[0], tuple(own))
        self._last_role = "dimension"
        return True

    def _on_value(self, mark: Mark) -> None:
        negated = self._take("neg") is not None
        if self._adjoins(mark, "value"):
            negated = negated or self._negated
        self._negated = negated
        self.roles.conditions.append((mark, negated))
        self._waiting.pop("by", None)
        self._last_role = "value"

    def _on_boolean(self, mark: Mark) -> None:
        columns = tuple(link for link in mark.choices if link.kind == "dimension")
        if columns and "by" in self._waiting:
            self._on_dimension(Mark("dimension", mark.start, mark.end, columns[0], columns))
        else:
            self._on_value(mark)

    def _on_verb(self, mark: Mark) -> None:
        self.roles.verbs.append((mark, self._take("neg") is not None))
        self._last_role = "verb"

    def _on_growth(self, mark: Mark) -> None:
        known = self.roles.flags.get("growth")
        if known is None or known.value is None:
            self.roles.flags["growth"] = mark
        self._waiting.pop("by", None)

    def _on_earlier(self, mark: Mark) -> None:
        self.roles.flags["earlier"] = mark

    def _on_time_dimension(self, mark: Mark) -> None:
        self.roles.time_dimension = mark
