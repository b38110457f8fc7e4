"""Lineage: from which masked columns each result of a query comes; what is unclear is refused."""

from dataclasses import dataclass, field

from sqlglot import exp

from atlas.sql.policies.constructs import (
    extremes_beside_columns,
    is_by_all,
    is_called,
    is_join_tree,
    is_named_in,
    is_star,
    makes_rows,
    parts_of,
    places_of,
    sorting_of,
    tells_only_how_many,
    unclear,
    words_of,
)
from atlas.sql.policies.masks import Masks, Shown, strictest
from atlas.sql.policies.relations import Level, Output, Relation, Shape, joined
from atlas.sql.policies.wrapping import Found
from atlas.sql.refusal import RefusalError, offset_of

_ROUNDS = 5
_NOT_FILTERS = frozenset({"expressions", "from_", "joins", "with_", "hint", "kind"})

Ctes = dict[str, Shape]


@dataclass
class Lineage:
    """One walk over a resolved query, for one role; its names are as the engine folds them.

    `loose_groups`: beside max(a) the engine shows other columns of the row that has it.
    """

    masks: Masks
    role: str | None
    found: Found
    loose_groups: bool = False
    _tables: dict[int, Relation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node, table in self.found:
            self._tables[id(node)] = Relation.of_table(table, self.masks, self.role)

    def query(self, node: exp.Expr, outer: Level | None = None, ctes: Ctes | None = None) -> Shape:
        """The columns a query yields; refuses what would let a masked value be guessed.

        Asked only where something that the query reads is masked: what is no known kind of query
        is refused, whatever it reads itself.
        """
        ctes = self._with(node, outer, ctes or {})
        if isinstance(node, exp.Select):
            return self._select(node, outer, ctes)
        if isinstance(node, exp.SetOperation):
            return self._set_operation(node, outer, ctes)
        if isinstance(node, exp.Subquery) and not node.args.get("pivots"):
            shape = self.query(node.this, outer, ctes)
            self._filters(node, Level(outer, [Relation("", shape)]), ctes, {"this", "alias"}, shape)
            return shape
        if isinstance(node, exp.Values):
            return self._values(node, outer, ctes)
        raise unclear(node)

    def _with(self, node: exp.Expr, outer: Level | None, ctes: Ctes) -> Ctes:
        clause = node.args.get("with_")
        for cte in clause.expressions if clause is not None else ():
            alias = cte.args.get("alias")
            name = alias.name if alias is not None else ""
            if not isinstance(cte.this, exp.Query):
                self._check_word(cte, Level(outer), ctes)
                continue
            if cte.args.get("scalar"):
                # ClickHouse's WITH (SELECT ...) AS name: one value, called like a column.
                self._refuse_tainted(cte, self.query(cte.this, outer, ctes).all())
                continue
            names = [column.name for column in alias.args.get("columns") or ()]
            shape = self._cte(cte.this, name, names, outer, ctes)
            ctes = {**ctes, name: shape}
        return ctes

    def _check_word(self, cte: exp.Expr, level: Level, ctes: Ctes) -> None:
        """ClickHouse's WITH expression AS name: a word that may stand in any place for columns."""
        shapes = [relation.shape for relation in self._tables.values()]
        masked = {o.name for shape in shapes for o in shape.outputs if o.shown.kind != "none"}
        named = {column.name.lower() for column in cte.find_all(exp.Column)}
        is_open = any(shape.rest.kind != "none" for shape in shapes)
        if named & masked or (named and is_open):
            raise unclear(cte)
        self._refuse_tainted(cte, self.shown(cte.this, level, ctes))

    def _cte(
        self, body: exp.Expr, name: str, names: list[str], outer: Level | None, ctes: Ctes
    ) -> Shape:
        """A body that reads its own name is walked until nothing is added any more."""
        reads_itself = any(
            table.name == name and id(table) not in self._tables
            for table in body.find_all(exp.Table)
        )
        if not reads_itself:
            return self.query(body, outer, ctes).renamed(names)
        first = body
        while isinstance(first, exp.SetOperation):
            first = first.this
        shape = self.query(first, outer, ctes).renamed(names)
        for _ in range(_ROUNDS):
            again = self.query(body, outer, {**ctes, name: shape}).renamed(names)
            if again == shape:
                return shape
            shape = joined(shape, again)
        raise unclear(body)

    def _set_operation(self, node: exp.SetOperation, outer: Level | None, ctes: Ctes) -> Shape:
        left = self.query(node.this, outer, ctes)
        right = self.query(node.expression, outer, ctes)
        if node.args.get("by_name"):
            # Which columns meet is told by their names, so that places say nothing.
            right = Shape(right.outputs, right.rest, uncounted=True)
        shape = joined(left, right)
        if node.args.get("distinct") is not False or not isinstance(node, exp.Union):
            # Whether a row falls together with another tells its value.
            self._refuse_tainted(node, shape.all())
        skipped = {"this", "expression", "with_"}
        self._filters(node, Level(outer, [Relation("", shape)]), ctes, skipped, shape)
        return shape

    def _values(self, node: exp.Values, outer: Level | None, ctes: Ctes) -> Shape:
        shape = Shape()
        for row in node.expressions:
            items = row.expressions if isinstance(row, exp.Tuple) else [row]
            outputs = [
                Output(f"column{at}", self.shown(item, Level(outer), ctes))
                for at, item in enumerate(items, start=1)
            ]
            shape = joined(shape, Shape(tuple(outputs))) if shape.outputs else Shape(tuple(outputs))
        return shape

    def _select(self, node: exp.Select, outer: Level | None, ctes: Ctes) -> Shape:
        level = Level(outer)
        source = node.args.get("from_")
        if source is not None:
            self._source(source.this, level, ctes)
        self._joins(node, level, ctes)
        shape = self._results(node, level, ctes)
        for call in extremes_beside_columns(node) if self.loose_groups else ():
            self._refuse_tainted(call, self.shown(call, level, ctes))
        self._filters(node, level, ctes, _NOT_FILTERS, shape)
        if node.args.get("distinct") is not None and not shape.all().plain:
            self._refuse_tainted(node, shape.all())
        return shape

    def _results(self, node: exp.Select, level: Level, ctes: Ctes) -> Shape:
        """The select list, again while its names, which may stand for results, say more."""
        for _ in range(_ROUNDS):
            before = dict(level.aliases)
            outputs: list[Output] = []
            is_open = Shown()
            for projection in node.expressions:
                more, rest = self._projection(projection, level, ctes)
                level.learn(more)
                outputs += more
                is_open = rest if rest.kind != "none" else is_open
            if level.aliases == before:
                uncounted = any(is_star(p) and not level.countable for p in node.expressions)
                return Shape(tuple(outputs), is_open, uncounted)
        raise unclear(node)

    def _projection(
        self, projection: exp.Expr, level: Level, ctes: Ctes
    ) -> tuple[list[Output], Shown]:
        if not is_star(projection):
            shown = self.shown(projection, level, ctes)
            return [Output(projection.alias_or_name.lower(), shown)], Shown()
        if isinstance(projection, exp.Apply):
            level.countable = False
            return [], self.shown(projection, level, ctes)
        star = projection if isinstance(projection, exp.Star) else projection.this
        table = projection.args.get("table") if isinstance(projection, exp.Column) else None
        chosen = level.named(table.name) if table is not None else level.relations
        if not chosen:
            # All that lies in a column which holds a row.
            level.countable = False
            return [], self.shown(projection, level, ctes)
        outputs = [o for relation in chosen for o in relation.shape.outputs]
        rest = Shown(strictest([relation.shape.all().kind for relation in chosen]), False)
        if any(value for value in getattr(star, "args", {}).values()):
            # EXCEPT, REPLACE and the like: which column stands where is not worked out.
            level.countable = False
            return [], rest
        if any(relation.shape.uncounted for relation in chosen):
            level.countable = False
        return outputs, rest if not level.countable else Shown()

    def _joins(self, node: exp.Expr, level: Level, ctes: Ctes) -> None:
        for join in node.args.get("joins") or ():
            self._source(join.this, level, ctes)
            for slot in ("on", "match_condition"):
                self._refuse_tainted(join, self.shown(join.args.get(slot), level, ctes))
            names = [identifier.name for identifier in join.args.get("using") or ()]
            if join.args.get("method"):
                names += level.shared()
            if names:
                level.countable = False
            for name in names:
                self._refuse_tainted(join, level.lookup(name) or Shown())

    def _source(self, node: exp.Expr, level: Level, ctes: Ctes) -> None:
        alias = node.args.get("alias")
        name = alias.name if isinstance(alias, exp.TableAlias) else ""
        columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
        names = [column.name for column in columns or ()]
        inner = node.this if isinstance(node, exp.Final) else node
        relation = self._tables.get(id(inner))
        if relation is None:
            relation = self._other_source(inner, level, ctes)
        if relation is not None:
            shape = relation.shape.renamed(names)
            if node.args.get("pivots") or inner.args.get("pivots"):
                self._refuse_tainted(node, shape.all())
                shape = Shape((), Shown(), uncounted=True)
            level.relations.append(Relation(name or inner.name or relation.name, shape))
        self._refuse_tainted(node, self.shown(node.args.get("sample"), level, ctes))
        self._joins(inner, level, ctes)

    def _other_source(self, node: exp.Expr, level: Level, ctes: Ctes) -> Relation | None:
        """A WITH name, a derived table, a join in parentheses, or a call that makes rows."""
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            known = ctes.get(node.name)
            if known is None or node.args.get("db") is not None:
                raise unclear(node)
            return Relation(node.name, known)
        inner = node.this if isinstance(node, exp.Subquery | exp.Lateral) else node
        is_tree = inner is not node and is_join_tree(inner)
        if isinstance(inner, exp.Query | exp.Values) and not is_tree:
            return Relation("", self.query(inner, level, ctes))
        if isinstance(node, exp.Subquery):
            self._source(inner, level, ctes)
            return None if node.args.get("alias") is None else level.gathered()
        return self._called(node, level, ctes)

    def _called(self, node: exp.Expr, level: Level, ctes: Ctes) -> Relation:
        """How many rows a call makes, or which, must not tell a value that it is given."""
        for value in node.args.values():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, exp.Expr) and not isinstance(part, exp.Join):
                    self._refuse_tainted(node, self.shown(part, level, ctes))
        return Relation("", Shape((), Shown(), uncounted=True))

    def _filters(
        self,
        node: exp.Expr,
        level: Level,
        ctes: Ctes,
        skipped: set[str] | frozenset[str],
        shape: Shape,
    ) -> None:
        """Everything beside the select list decides about rows or their order."""
        for slot, value in node.args.items():
            if slot in skipped or not value or value is True:
                continue
            for part in value if isinstance(value, list) else [value]:
                self._refuse_tainted(node, self.shown(part, level, ctes))
                self._check_positions(node, part, shape)

    def _check_positions(self, node: exp.Expr, part: object, shape: Shape) -> None:
        if not isinstance(part, exp.Group | exp.Order | exp.Distinct):
            return
        if is_by_all(part):
            self._refuse_tainted(node, shape.all())
        for place in places_of(part):
            self._refuse_tainted(node, shape.at(place))

    def shown(self, node: object, level: Level, ctes: Ctes) -> Shown:
        """How a value is shown that an expression yields."""
        if not isinstance(node, exp.Expr):
            return Shown()
        whole = self._whole(node, ctes)
        if whole is not None:
            return Shown(whole.all().kind, False)
        if isinstance(node, exp.Column):
            return level.column(node)
        if isinstance(node, exp.Star | exp.Parameter):
            return level.everything()
        if isinstance(node, exp.Alias | exp.Paren):
            return self.shown(node.this, level, ctes)
        if isinstance(node, exp.Exists) and isinstance(node.this, exp.Query):
            self.query(node.this, level, ctes)
            return Shown()
        if isinstance(node, exp.Query):
            return Shown(self.query(node, level, ctes).all().kind, False)
        return self._combined(node, level, ctes)

    def _whole(self, node: exp.Expr, ctes: Ctes) -> Shape | None:
        """All of a relation that stands where a value does: in PIVOT, behind IN."""
        if not isinstance(node, exp.Table) and not is_named_in(node):
            return None
        relation = self._tables.get(id(node))
        return ctes.get(node.name) if relation is None else relation.shape

    def _combined(self, node: exp.Expr, level: Level, ctes: Ctes) -> Shown:
        if is_called(node, "columns"):
            # DuckDB's COLUMNS(...) stands for columns that it does not name.
            raise unclear(node)
        for key in sorting_of(node):
            self._refuse_tainted(node, self.shown(key, level, ctes))
        parts = [self.shown(part, level, ctes) for part in parts_of(node)]
        parts += [level.path(words) for words in [words_of(node)] if words]
        total = strictest([part.kind for part in parts])
        if total == "none":
            return Shown()
        if tells_only_how_many(node) and all(part.plain for part in parts):
            return Shown()
        if makes_rows(node) or isinstance(node, exp.Div | exp.Mod | exp.IntDiv):
            self._refuse_tainted(node, Shown(total, False))
        return Shown(total, isinstance(node, exp.Distinct) and all(part.plain for part in parts))

    def _refuse_tainted(self, node: exp.Expr, shown: Shown) -> None:
        if shown.kind != "none":
            raise RefusalError(
                "masked_filter",
                "The query filters, joins, groups, orders or divides by a column that is masked"
                " for you; leave that out, or ask somebody who may see it.",
                offending=node.sql()[:80],
                offset=offset_of(node),
            )
