"""Which names and aggregates may stand where: rules on sqlglot's tree of a query.

What sqlglot does not read has been read by the grammar already; it goes without these rules.
"""

import logging
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from functions import AGGREGATES
from refusal import Refusal
from statement import Statement

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

_SCOPES = (exp.Select, exp.Subquery, exp.SetOperation)


def check(statement: Statement) -> Iterator[Refusal]:
    for query in _outermost(statement):
        text = statement.text(query)
        try:
            tree = sqlglot.parse_one(text, dialect="redshift")
        except sqlglot.errors.SqlglotError:
            continue
        place = _Place(statement, query.start)
        for node in tree.find_all(exp.Select):
            yield from _check_select(node, place)
        for node in tree.find_all(exp.SetOperation):
            yield from _check_set_operation(node, place)
        for column in tree.find_all(exp.Column):
            yield from _check_correlation(column, place)


def _outermost(statement: Statement):
    end = 0
    for node in statement.tree.walk():
        if node.rule == "query" and node.start >= end:
            end = node.end
            yield node


class _Place:
    """Finds the token of a node."""

    def __init__(self, statement: Statement, first: int):
        self._statement, self._first = statement, first
        self._offset = statement.tokens[first].at

    def of(self, node: exp.Expression) -> int:
        starts = [part.meta["start"] for part in node.find_all(exp.Identifier) if "start" in part.meta]
        if "start" in node.meta:
            starts.append(node.meta["start"])
        at = self._offset + min(starts) if starts else self._offset
        tokens = self._statement.tokens
        return next((index for index in range(self._first, len(tokens)) if tokens[index].end > at), self._first)


def _own(node: exp.Expression | None, *kinds: type) -> list:
    """Nodes of these kinds that belong to the same query block as `node`."""
    if node is None:
        return []
    found = []
    for each in node.walk(prune=lambda inner: isinstance(inner, _SCOPES) and inner is not node):
        if isinstance(each, kinds) and not isinstance(each, _SCOPES):
            found.append(each)
    return found


def _is_windowed(node: exp.Expression) -> bool:
    parent = node.parent
    while isinstance(parent, (exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup, exp.Filter)):
        parent = parent.parent
    return isinstance(parent, exp.Window)


def _is_aggregate(node: exp.Expression) -> bool:
    """sqlglot does not know all of Redshift's aggregates: it takes some for functions without a name of its own."""
    named = isinstance(node, exp.Anonymous) and node.name.lower() in AGGREGATES
    return (named or isinstance(node, (exp.AggFunc, exp.WithinGroup))) and not _is_windowed(node)


def _aggregates(node: exp.Expression | None) -> list[exp.Expression]:
    return [each for each in _own(node, exp.AggFunc, exp.Anonymous) if _is_aggregate(each)]


def _check_select(select: exp.Select, place: _Place) -> Iterator[Refusal]:
    clauses = [("WHERE", "where"), ("GROUP BY", "group")]
    for name, key in clauses:
        clause = select.args.get(key)
        for node in _aggregates(clause):
            yield Refusal("aggregate-place", f"{name} takes no aggregate.", place.of(node), "c_Aggregate_Functions", "HAVING" if key == "where" else None)
    for join in select.args.get("joins") or []:
        for node in _aggregates(join.args.get("on")):
            yield Refusal("aggregate-place", "A join's condition takes no aggregate.", place.of(node), "c_Aggregate_Functions")
    for name, key in [*clauses, ("HAVING", "having")]:
        for node in _own(select.args.get(key), exp.Window):
            yield Refusal("window-place", f"{name} takes no window function.", place.of(node), "c_Window_functions", "QUALIFY, or a subquery")
    for node in _aggregates(select):
        inner = [each for each in _aggregates(node) if each is not node]
        if inner:
            yield Refusal("nested-aggregate", "An aggregate cannot contain another.", place.of(node), "c_Aggregate_Functions")
            break
    yield from _check_sources(select, place)
    yield from _check_grouping(select, place)


def _check_sources(select: exp.Select, place: _Place) -> Iterator[Refusal]:
    seen: set[str] = set()
    for source in _sources(select):
        name = source.alias_or_name.lower()
        qualifier = source.args.get("db")
        key = name if source.alias or qualifier is None else f"{qualifier.name.lower()}.{name}"
        if name and key in seen:
            yield Refusal("duplicate-alias", f'Table name "{name}" is used more than once.', place.of(source), "r_FROM_clause30")
        seen.add(key)


def _sources(select: exp.Select) -> list[exp.Expression]:
    from_ = select.args.get("from_") or select.args.get("from")
    found = [from_.this] if from_ is not None else []
    found += [join.this for join in select.args.get("joins") or []]
    return [each for each in found if isinstance(each, (exp.Table, exp.Subquery))]


def _check_grouping(select: exp.Select, place: _Place) -> Iterator[Refusal]:
    """Every column of the list is grouped by, or inside an aggregate."""
    group = select.args.get("group")
    if (group is None and not any(_aggregates(item) for item in select.expressions)) or select.args.get("connect"):
        return
    if group is not None and group.args.get("all") or any(item.find(exp.Star) and not item.find(exp.Count) for item in select.expressions):
        return
    grouped = {column.name.lower() for column in group.find_all(exp.Column)} if group else set()
    ordinals = {int(each.name) for each in group.expressions if isinstance(each, exp.Literal) and each.name.isdigit()} if group else set()
    texts = {each.sql().lower() for each in group.expressions} if group else set()
    aliases: set[str] = set()
    for number, item in enumerate(select.expressions, 1):
        bare = item.unalias()
        if number not in ordinals and item.alias.lower() not in grouped and bare.sql().lower() not in texts:
            for column in _ungrouped(bare, texts):
                if column.name.lower() not in grouped | aliases:
                    yield Refusal(
                        "ungrouped-column",
                        f"Column {column.name} must appear in the GROUP BY clause or in an aggregate.",
                        place.of(column),
                        "r_GROUP_BY_clause",
                    )
                    return
        if item.alias:
            aliases.add(item.alias.lower())


def _ungrouped(item: exp.Expression, texts: set[str]) -> Iterator[exp.Column]:
    def stop(node: exp.Expression) -> bool:
        return _is_aggregate(node) or isinstance(node, _SCOPES) or node.sql().lower() in texts

    for node in item.walk(prune=stop):
        if isinstance(node, exp.Column) and not stop(node) and isinstance(node.this, exp.Identifier):
            yield node


def _check_set_operation(node: exp.SetOperation, place: _Place) -> Iterator[Refusal]:
    counts = []
    for side in (node.left, node.right):
        select = side.unnest() if isinstance(side, exp.Subquery) else side
        if isinstance(select, exp.Select) and not any(item.is_star or item.find(exp.Star) and not item.find(exp.Count) for item in select.expressions):
            counts.append(len(select.expressions))
    if len(set(counts)) == 2:
        yield Refusal("set-operation", f"Both sides of a set operation have as many columns, got {counts[0]} and {counts[1]}.", place.of(node.right), "r_UNION")


def _check_correlation(column: exp.Column, place: _Place) -> Iterator[Refusal]:
    """https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html"""
    table = column.table.lower()
    if not table or column.args.get("db") is not None:
        return
    blocks: list[exp.Select] = []
    node: exp.Expression | None = column
    while (node := node.find_ancestor(exp.Select)) is not None:
        if any(source.alias_or_name.lower() == table for source in _sources(node)):
            break
        blocks.append(node)
    if node is None or not blocks or any(isinstance(block.parent, exp.CTE) for block in blocks):
        return
    if any(isinstance(block.parent, exp.Subquery) and isinstance(block.parent.parent, (exp.From, exp.Join)) for block in blocks):
        return  # a table of a subquery: PartiQL's paths and names that are not known here
    page = "r_correlated_subqueries"
    if len(blocks) > 1:
        yield Refusal("correlated-subquery", f"{column.sql()} skips a query block: Redshift cannot decorrelate that.", place.of(column), page)
        return
    block = blocks[0]
    if _own(block, exp.Window):
        yield Refusal("correlated-subquery", "A correlated subquery cannot contain a window function.", place.of(column), page)
    join = block.find_ancestor(exp.Join, exp.Select)
    if isinstance(join, exp.Join) and join.side:
        yield Refusal("correlated-subquery", "The condition of an outer join cannot contain a correlated subquery.", place.of(column), page)
    predicate = block.parent if isinstance(block.parent, exp.In) else block.parent.parent if block.parent else None
    others = [each for each in _aggregates(block) if not isinstance(each, (exp.Min, exp.Max))]
    if isinstance(predicate, exp.In) and block.args.get("group") and others:
        yield Refusal("correlated-subquery", "A correlated subquery behind IN cannot aggregate groups.", place.of(column), page)
